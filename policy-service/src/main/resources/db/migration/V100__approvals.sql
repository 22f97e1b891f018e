-- Requests that wait for a human, and what became of them.
create table approval (
  org_id       text        not null,
  id           text        not null,
  identity_id  text        not null,
  workspace_id text,
  scope        text        not null,
  context      jsonb       not null,
  request_hash text        not null,
  policy_id    text,
  status       text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  decided_by   text,
  decided_at   timestamptz,
  comment      text,
  used_at      timestamptz,
  decision_id  text,
  primary key (org_id, id)
);

-- One open approval a request: what two replicas ask at once is asked once.
create unique index approval_open on approval (org_id, request_hash) where status in ('pending', 'approved');
create index approval_request on approval (org_id, request_hash, created_at desc);
create index approval_of_agent on approval (org_id, identity_id) where status in ('pending', 'approved');
create index approval_newest on approval (org_id, created_at desc, id desc);
create index approval_by_status on approval (org_id, status, created_at desc, id desc);
create index approval_late on approval (expires_at) where status in ('pending', 'approved');
