-- Cases that an organisation keeps beside its policies.
create table policy_test (
  org_id     text        not null,
  name       text        not null,
  yaml       text        not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text        not null,
  primary key (org_id, name)
);
