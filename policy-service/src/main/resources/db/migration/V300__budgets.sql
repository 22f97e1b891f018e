-- The budgets of organisations, workspaces and sponsors; an identity's own is the identity service's.
create table budget_owner (
  org_id         text        not null,
  kind           text        not null,
  id             text        not null,
  limits         jsonb,
  agent_defaults jsonb,
  updated_at     timestamptz not null,
  primary key (org_id, kind, id)
);

-- One row a cap: whoever changes what follows holds its lock, taken in the order of the keys.
create table budget_counter (
  org_id text not null,
  key    text not null,
  primary key (org_id, key)
);

-- What counts against a cap, by the bucket (epoch second) in which it was taken.
create table budget_usage (
  org_id text   not null,
  key    text   not null,
  bucket bigint not null,
  held   bigint not null,
  spent  bigint not null,
  primary key (org_id, key, bucket)
);
create index budget_usage_age on budget_usage (bucket);

-- Slices that replicas hold of caps; part of what is held.
create table budget_lease (
  org_id     text        not null,
  key        text        not null,
  bucket     bigint      not null,
  node       text        not null,
  amount     bigint      not null check (amount >= 0),
  sequence   bigint      not null,
  recalled   boolean     not null default false,
  expires_at timestamptz not null,
  primary key (org_id, key, bucket, node)
);
create index budget_lease_node on budget_lease (node, org_id);
create index budget_lease_expiry on budget_lease (expires_at);

-- Every movement between room, held and spent: two rows a transfer that sum to zero.
create table budget_entry (
  n        bigint generated always as identity primary key,
  org_id   text        not null,
  owner    text        not null,
  key      text        not null,
  bucket   bigint      not null,
  kind     text        not null,
  pot      text        not null,
  amount   bigint      not null,
  ref      text        not null,
  at       timestamptz not null
);
create index budget_entry_newest on budget_entry (org_id, owner, n desc);
create index budget_entry_age on budget_entry (at);

-- Reservations, spends and credits that somebody asked for, idempotent by key.
create table budget_operation (
  org_id          text        not null,
  id              text        not null,
  identity_id     text        not null,
  kind            text        not null,
  status          text        not null,
  amount          bigint      not null,
  settled         bigint,
  currency        text        not null,
  idempotency_key text,
  request_hash    text,
  allocations     jsonb       not null,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  primary key (org_id, id)
);
create unique index budget_operation_key on budget_operation (org_id, identity_id, idempotency_key)
  where idempotency_key is not null;
create index budget_operation_expiry on budget_operation (expires_at) where status = 'reserved';

-- When an alert or an overrun of a cap was last told.
create table budget_notice (
  org_id text   not null,
  key    text   not null,
  kind   text   not null,
  bucket bigint not null,
  primary key (org_id, key, kind)
);

-- Suspensions that a refusal has caused and that the identity service has yet to make.
create table budget_suspension (
  org_id      text        not null,
  identity_id text        not null,
  reason      text        not null,
  created_at  timestamptz not null,
  primary key (org_id, identity_id)
);
