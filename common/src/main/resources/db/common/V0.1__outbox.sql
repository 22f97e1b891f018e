-- Events wait here, in the transaction that caused them, until the relay has published them.
create sequence outbox_sequence;

create table outbox (
  seq         bigint      primary key,
  topic       text        not null,
  key         text        not null,
  id          text        not null,
  source      text        not null,
  type        text        not null,
  subject     text        not null,
  time        timestamptz not null,
  traceparent text,
  data        bytea
);

-- The highest committed sequence of each topic: what a probe answers.
create table feed_head (
  topic text   primary key,
  seq   bigint not null
);

-- timeline << 40 | n: a failover that loses the last numbers still moves forward.
create function next_sequence() returns bigint
language sql volatile
as $$
  select (('x' || lpad(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), 16, '0'))::bit(64)::bigint << 40)
         | nextval('outbox_sequence')
$$;
