-- How many deliveries of a connection stand where and why, the one that has stood longest, and those that became so of late: each is read off one index.
create index delivery_by_standing on delivery (company_id, connection_id, state, moved_at) include (wish, code);
drop index delivery_by_state;

-- The same of records that have not gone on. Accepted ones, nearly all, are not in it, so pushes do not pay for its width; it serves searches by state as well.
create index record_standing on record (company_id, state, received_at, record_id) include (code, kind) where state <> 'accepted';
drop index record_by_open_state;
drop index record_refused;

create index alert_unread on alert (company_id, alert_id) where seen_at is null;
