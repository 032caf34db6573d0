-- Content and needs are written by the statement that writes their document, and only there; rows of all three are never deleted. To look each document up
-- again for every row of them, and lock it, was a tenth of the work of intake. Steps, which others write, keep their check.
alter table content drop constraint content_company_id_account_document_fkey;
alter table dependency drop constraint dependency_company_id_account_document_fkey;

-- Where a mistyped account is put right they move along with their document.
do $$
begin
    execute format('grant update (account) on dependency to %I', current_schema());
end $$;
