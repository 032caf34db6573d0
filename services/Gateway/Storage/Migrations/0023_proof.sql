-- What devices ask about their own records. Runs as the owner, with the gateway's schema in the search path.

alter table device add column last_complete_sync_at timestamptz;   -- it had sent everything and then acknowledged a whole pull

-- What of one rep needs somebody. Accepted records, nearly all, are not in it.
create index record_of_rep on record (company_id, rep_id, state, received_at, record_id) where state <> 'accepted';
