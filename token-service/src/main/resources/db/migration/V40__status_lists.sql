-- Status lists. Their places are leased in blocks, whose order comes from the seed.
create table status_list (
  n      integer primary key,
  seed   bigint  not null,
  leased integer not null
);

alter table token
  add column status_list integer,
  add column status_idx  integer;
create unique index token_by_status on token (status_list, status_idx)
  where status_list is not null;
