-- Orders held for a customer number or code that nobody has yet are released by themselves, like those that wait for a captured customer.
create index record_held on record (company_id, code) where state = 'held';
grant select (code) on record to gateway_lookup;

create function companies_to_release() returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$
        select r.company_id from record r where r.state = 'waiting'
        union select r.company_id from record r where r.state = 'held' and r.code = 'customer.codeUnknown'
    $$;
revoke all on function companies_to_release() from public;
grant execute on function companies_to_release() to gateway_auth;
