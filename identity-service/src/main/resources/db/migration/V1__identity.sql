create table organization (
  id                text        primary key,
  name              text        not null,
  email             text,
  signing_algorithm text        not null,
  settings          jsonb       not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null
);
create index organization_newest on organization (created_at desc, id desc);

create table workspace (
  org_id     text        not null references organization,
  id         text        not null,
  name       text        not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index workspace_newest on workspace (org_id, created_at desc, id desc);

create table sponsor (
  org_id     text        not null references organization,
  id         text        not null,
  name       text        not null,
  email      text,
  status     text        not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index sponsor_newest on sponsor (org_id, created_at desc, id desc);

create table identity (
  id             text        primary key,
  org_id         text        not null references organization,
  name           text        not null,
  type           text        not null,
  status         text        not null,
  workspace_id   text,
  sponsor_id     text        not null,
  sponsor_chain  text[]      not null,
  scopes         text[]      not null,
  roles          text[]      not null,
  issuer_scoped  boolean     not null,
  metadata       jsonb       not null,
  budget         jsonb,
  expires_at     timestamptz,
  suspended_at   timestamptz,
  suspend_reason text,
  suspended_by   text,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  version        bigint      not null
);
create unique index identity_name on identity (org_id, name) where status <> 'deleted';
create index identity_name_prefix on identity (org_id, name text_pattern_ops);
create index identity_newest on identity (org_id, created_at desc, id desc) where status <> 'deleted';
create index identity_by_status on identity (org_id, status, created_at desc, id desc);
create index identity_by_type on identity (org_id, type, created_at desc, id desc);
create index identity_by_sponsor on identity (org_id, sponsor_id, created_at desc, id desc);
create index identity_by_workspace on identity (org_id, workspace_id, created_at desc, id desc);
-- The subtree of an identity or sponsor is whoever names it in the chain.
create index identity_subtree on identity using gin (sponsor_chain) with (fastupdate = off);

create table api_key (
  id           text        primary key,
  org_id       text        not null references organization,
  kind         text        not null,
  hash         text        not null unique,
  prefix       text        not null,
  name         text        not null,
  scopes       text[]      not null,
  sponsor_id   text        not null,
  identity_id  text,
  workspace_id text,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
create index api_key_newest on api_key (org_id, created_at desc, id desc);

-- Revocations that committed here and that the revocation service must have before anyone is told.
create table pending_revocation (
  n          bigint generated always as identity primary key,
  event_id   text        not null unique,
  org_id     text        not null,
  target     text        not null,
  body       jsonb       not null,
  created_at timestamptz not null
);
create index pending_revocation_target on pending_revocation (org_id, target, n);

create table creation_window (
  org_id  text   not null,
  minute  bigint not null,
  created bigint not null,
  primary key (org_id, minute)
);

create table idempotent_answer (
  org_id       text        not null,
  key          text        not null,
  request_hash text        not null,
  identity_id  text        not null,
  created_at   timestamptz not null,
  primary key (org_id, key)
);
create index idempotent_answer_age on idempotent_answer (created_at);
