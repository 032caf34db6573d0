-- How many deliveries of a connection stand where, the one that has stood longest, and those that became so of late: each is read off one index.
create index delivery_by_standing on delivery (company_id, connection_id, state, moved_at) include (wish);
drop index delivery_by_state;

create index alert_unread on alert (company_id, alert_id) where seen_at is null;
