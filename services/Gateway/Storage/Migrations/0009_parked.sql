-- Messages for the gateway that could not be read, taken off its parked queue, where nobody can look without using them up. Of no company (all zero)
-- where they name none, or several.
create table parked (
    company_id uuid not null,
    parked_id uuid not null,
    at timestamptz not null,
    reason text not null,
    connector text,
    content_type text,
    message_id text,
    body bytea not null,
    state text not null default 'parked' check (state in ('parked', 'replayed', 'discarded')),
    settled_at timestamptz,
    primary key (company_id, parked_id)
);
create index parked_open on parked (company_id, at, parked_id) where state = 'parked';
alter table parked enable row level security;
alter table parked force row level security;
create policy company on parked using (company_id = (select nullif(current_setting('app.company', true), '')::uuid));
grant select, insert on parked to gateway;
grant update (state, settled_at) on parked to gateway;

-- Counts of all companies, no bodies.
create policy ops on parked for select to gateway_ops using (true);
grant select (company_id, state) on parked to gateway_ops;
