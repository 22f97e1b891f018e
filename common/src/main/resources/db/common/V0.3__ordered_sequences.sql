-- Sequences of events whose commit order must be sequence order: the lock that makes it so is taken first, in the
-- same round trip. It is held to the end of the transaction.
create function next_ordered_sequences(lock integer, count integer) returns setof bigint
language plpgsql volatile
as $$
begin
  perform pg_advisory_xact_lock(lock, hashtext(current_schema()));
  return query select next_sequences(count);
end
$$;
