-- As many sequences as next_sequence() would give, one after the other, at a fraction of its cost.
create function next_sequences(count integer) returns setof bigint
language sql volatile
as $$
  with timeline as materialized (
    select ('x' || lpad(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), 16, '0'))::bit(64)::bigint << 40
           as base)
  select timeline.base | nextval('outbox_sequence') from timeline, generate_series(1, count)
$$;
