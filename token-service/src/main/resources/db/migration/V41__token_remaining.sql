-- What a token tells its bearer is left of its budgets: a refresh that is tried again gets the same.
alter table token add column remaining numeric;
