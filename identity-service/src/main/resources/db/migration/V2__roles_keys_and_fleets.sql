-- Roles that are gone: nobody is given one again, and whoever has one loses it.
create table deleted_role (
  org_id     text        not null,
  role_id    text        not null,
  deleted_at timestamptz not null,
  cleaned_at timestamptz,
  primary key (org_id, role_id)
);
create index identity_by_role on identity using gin (roles) with (fastupdate = off)
  where roles <> '{}';

-- When a key was last presented, to the minute, and the key that a rotation made of it.
alter table api_key add column last_used_at timestamptz;
alter table api_key add column replaced_by text;

-- What a declarative configuration has written or adopted: pruning removes nothing else.
create table configured (
  org_id text not null references organization,
  kind   text not null,
  name   text not null,
  primary key (org_id, kind, name)
);
