-- When a bucket ends, and the last second in which something was taken in it. Windows of another
-- time zone or kind begin inside of buckets: these count for as long as what they hold may be of the
-- window. Rows from before this count from where they begin.
alter table budget_usage add column ends bigint, add column latest bigint;

-- The usage that counts in a window which begins at an epoch second. Only windows of money change,
-- and no bucket of theirs is longer than a day or a month of its calendar.
create function budget_counted(organization text, counter text, since bigint)
returns setof budget_usage language sql stable as $$
  select u.* from budget_usage u
   where u.org_id = organization and u.key = counter
     and u.bucket >= since - case when counter like '%/cost-day' then 90000
                                  when counter like '%/cost-month' then 2764800 else 0 end
     and (u.bucket >= since or u.latest >= since
          or (u.ends > since and exists (
                select 1 from budget_lease l
                 where l.org_id = u.org_id and l.key = u.key and l.bucket = u.bucket
                   and l.amount > 0)))
$$;
