-- Whether a session was refreshed with its client's authentication, which it then always needs.
alter table session add column client_authenticated boolean not null default false;
