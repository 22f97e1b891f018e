-- Receivers of shared signals, and what waits for them.
create table signal_stream (
  id            text        primary key,
  org           text        not null,
  actor         text        not null,
  endpoint      text,       -- where events are pushed; null for a stream that is polled
  endpoint_auth bytea,      -- the Authorization header of pushes, sealed
  requested     text[]      not null,
  description   text,
  status        text        not null,
  reason        text,
  created_at    timestamptz not null,
  attempts      integer     not null default 0,
  next_attempt  timestamptz not null,
  leased_until  timestamptz not null
);

create index signal_stream_of on signal_stream (org, created_at);
create index signal_stream_due on signal_stream (next_attempt)
  where endpoint is not null and status <> 'paused';

create table signal_event (
  n         bigint      generated always as identity primary key,
  stream    text        not null references signal_stream (id) on delete cascade,
  jti       text        not null,
  event     text        not null, -- the claims, without who signs and for whom
  identity  text,                 -- whose claims changed, and are asked for when it is signed
  queued_at timestamptz not null
);

create unique index signal_event_of on signal_event (stream, jti);
create index signal_event_in_order on signal_event (stream, n);
create index signal_event_age on signal_event (queued_at);
