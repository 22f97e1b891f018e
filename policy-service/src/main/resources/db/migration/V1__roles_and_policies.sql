-- Roles and policies. A deleted one keeps its row, so that its id is never used again.
create table role (
  org_id       text        not null,
  id           text        not null,
  name         text        not null,
  description  text,
  scopes       text[]      not null,
  workspace_id text,
  deleted      boolean     not null default false,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  primary key (org_id, id)
);

create unique index role_name on role (org_id, name) where not deleted;
create index role_newest on role (org_id, created_at desc, id desc) where not deleted;

create table policy (
  org_id       text        not null,
  id           text        not null,
  name         text        not null,
  description  text,
  effect       text        not null,
  scopes       text[]      not null,
  conditions   jsonb       not null,
  obligations  jsonb       not null,
  priority     integer     not null,
  workspace_id text,
  identity_id  text,
  deleted      boolean     not null default false,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  primary key (org_id, id)
);

create unique index policy_name on policy (org_id, name) where not deleted;
create index policy_newest on policy (org_id, created_at desc, id desc) where not deleted;

-- Organisations whose built-in roles are on the topic, for the services that read them there.
create table built_in_publication (
  org_id       text        primary key,
  published_at timestamptz not null
);
