-- What of a lease by the day is held by the month's counter as well: it was out when the month was first
-- capped, and is charged to the month only as far as it is spent.
alter table budget_lease add column carried bigint not null default 0 check (carried >= 0);
