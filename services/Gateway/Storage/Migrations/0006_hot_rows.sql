-- These rows change with every push, and foreign keys look them up for every record of it. Each look goes through all versions that the page
-- still holds, and PostgreSQL clears a page only once it is as full as the fill factor says: so they are cleared early.
alter table company_feed set (fillfactor = 10);
alter table series set (fillfactor = 10);
alter table device set (fillfactor = 20);
