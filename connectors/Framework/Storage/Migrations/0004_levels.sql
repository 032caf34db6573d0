-- The epoch under which the gateway acknowledged a report, and the newest epoch it has told: a gateway that was restored from a backup has a higher
-- one, and is told again what it had acknowledged before. swept = nothing of an older epoch is left.
alter table report add column acked_epoch bigint not null default 0;

create table gateway_epoch (
    company_id uuid not null,
    epoch bigint not null,
    swept boolean not null default false,
    primary key (company_id)
);

do $$
declare
    service text := current_schema();
    worker text := current_schema() || '_worker';
begin
    execute format('alter table gateway_epoch enable row level security');
    execute format('alter table gateway_epoch force row level security');
    execute format('create policy company on gateway_epoch to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', service);
    execute format('grant select, insert, update on gateway_epoch to %I', service);
    execute format('create policy work on gateway_epoch to %I using (true)', worker);
    execute format('grant select, update (swept) on gateway_epoch to %I', worker);
    execute format('grant select (acked_epoch) on report to %I', worker);
end $$;
