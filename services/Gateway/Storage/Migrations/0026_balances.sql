-- What customers owe is added up when it is asked for: one reader less behind the pushes, and what is merged is counted where it went. Runs as the owner, with the gateway's schema in the search path.

alter table customer_entry drop column summed;
drop table customer_balance;

drop index customer_entry_by_customer;
create index customer_entry_by_customer on customer_entry (company_id, customer_id, currency) include (amount);
grant update (customer_id) on customer_entry to gateway;

-- Those of customers merged before: for this statement the owner sees all companies.
alter table customer_entry no force row level security;
alter table customer no force row level security;
update customer_entry e set customer_id = c.merged_into from customer c where c.company_id = e.company_id and c.customer_id = e.customer_id and c.merged_into is not null;
alter table customer force row level security;
alter table customer_entry force row level security;
