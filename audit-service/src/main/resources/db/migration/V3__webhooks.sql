create table audit_webhook (
  id            text        primary key,
  org           text        not null,
  url           text        not null,
  secret        bytea       not null,
  events        text[]      not null,
  status        text        not null default 'active',
  failures      int         not null default 0,
  failing_since timestamptz,
  created_at    timestamptz not null
);
create index audit_webhook_by_org on audit_webhook (org, created_at, id);

-- What is to be delivered, and what became of it: queue and log in one.
create table audit_delivery (
  id              text        primary key,
  webhook_id      text        not null references audit_webhook on delete cascade,
  org             text        not null,
  event           text        not null,
  entry_id        text        not null,
  body            text        not null,
  status          text        not null default 'pending',
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null,
  response_status int,
  error           text,
  created_at      timestamptz not null,
  ended_at        timestamptz
);
create index audit_delivery_due on audit_delivery (webhook_id, next_attempt_at)
  where status = 'pending';
create index audit_delivery_by_webhook on audit_delivery (webhook_id, created_at, id);
create index audit_delivery_ended on audit_delivery (ended_at) where ended_at is not null;
create index audit_delivery_by_entry on audit_delivery (org, entry_id);
