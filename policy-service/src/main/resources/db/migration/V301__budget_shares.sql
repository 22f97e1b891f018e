-- Who spent what of a counter, and what of it was given back: a credit takes from no one else's spend.
create table budget_share (
  org_id      text   not null,
  key         text   not null,
  bucket      bigint not null,
  identity_id text   not null,
  spent       bigint not null,
  credited    bigint not null,
  primary key (org_id, identity_id, key, bucket)
);
create index budget_share_age on budget_share (bucket);
