-- Who reads the audit topic: partitions are shared among those seen lately.
create table consumer_member (
  node    text        primary key,
  seen_at timestamptz not null
);
