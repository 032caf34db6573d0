-- Many devices at once. Runs as the owner, with the gateway's schema in the search path.

-- For the poll of those that listen: how far the feeds of these companies are, nothing else.
grant select (company_id, epoch, pos) on company_feed to gateway_lookup;
create function feed_heads(companies uuid[]) returns table (company_id uuid, epoch uuid, pos bigint)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select f.company_id, f.epoch, f.pos from company_feed f where f.company_id = any(companies) $$;
revoke all on function feed_heads(uuid[]) from public;
grant execute on function feed_heads(uuid[]) to gateway_auth;
