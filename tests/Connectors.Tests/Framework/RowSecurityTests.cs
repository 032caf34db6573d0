using Npgsql;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class RowSecurityTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private const string Tables = "pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'recording' where c.relkind in ('r', 'p') and c.relname not like '\\_\\_migrations%'";

    [Fact]
    public async Task Row_level_security_is_enabled_and_forced_on_every_table_and_the_service_owns_none()
    {
        Assert.Equal(19, await database.ScalarAsync<long>($"select count(*) from {Tables} and not c.relispartition"));
        Assert.Equal("", await ListAsync($"select c.relname from {Tables} and not (c.relrowsecurity and c.relforcerowsecurity)"));
        Assert.Equal("recording_owner", await ListAsync($"select distinct pg_get_userbyid(c.relowner)::text from {Tables}"));
        Assert.Equal("", await ListAsync("select rolname::text from pg_roles where rolname like 'recording%' and (rolbypassrls or rolsuper or rolcreaterole or rolcreatedb)"));
        Assert.Equal("", await ListAsync("select rolname::text from pg_roles where rolname in ('recording', 'recording_worker') and pg_has_role(rolname, 'recording_owner', 'member')"));
    }

    [Fact]
    public async Task Partitions_are_closed_to_everybody_and_reached_through_their_table_only()
    {
        await using var service = NpgsqlDataSource.Create(database.ConnectionStringAs("recording"));
        await using (var keep = service.CreateCommand("select keep_calls('2026-03-03', 14)"))
            await keep.ExecuteNonQueryAsync();

        Assert.Equal(4, await database.ScalarAsync<long>($"select count(*) from {Tables} and c.relispartition"));
        Assert.Equal("", await ListAsync($"select c.relname from {Tables} and c.relispartition and not (c.relrowsecurity and c.relforcerowsecurity)"));
        Assert.Equal("", await ListAsync("select table_name::text from information_schema.role_table_grants where table_schema = 'recording' and table_name ~ '^call_[0-9]+$' and grantee <> 'recording_owner'"));
    }

    [Fact]
    public async Task Every_key_begins_with_the_company()
    {
        Assert.Equal("", await ListAsync($"""
            select c.relname || '.' || k.conname from {Tables.Replace("where", "join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'f') where", StringComparison.Ordinal)}
            and (select attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) <> 'company_id'
            """));
    }

    [Fact]
    public async Task Each_policy_is_the_companys_or_the_workers_on_a_narrow_set_of_columns()
    {
        Assert.Equal("recording", await ListAsync("select distinct array_to_string(roles, ',') from pg_policies where schemaname = 'recording' and qual <> 'true'"));
        Assert.Equal("1", await ListAsync("select count(distinct qual)::text from pg_policies where schemaname = 'recording' and qual <> 'true'"));
        Assert.Equal("account,connection,dependency,document,gateway_epoch,pull,pulled,report,wish", await ListAsync(
            "select tablename::text from pg_policies where schemaname = 'recording' and qual = 'true' and roles = '{recording_worker}' order by 1"));
        Assert.Equal("", await ListAsync("select tablename::text from pg_policies where schemaname = 'recording' and qual = 'true' and roles <> '{recording_worker}'"));
        Assert.Equal("", await ListAsync("""
            select table_name || '.' || column_name from information_schema.column_privileges
            where table_schema = 'recording' and grantee = 'recording_worker'
              and column_name in ('settings', 'secrets', 'message', 'payload', 'secret', 'result', 'reason', 'external_id', 'external_number')
            """));
    }

    [Fact]
    public async Task F008_A_company_sees_only_its_own_rows_and_cannot_write_others()
    {
        var clock = new ManualClock();
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock);
        var (mine, theirs, connection) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await host.ConnectAsync(theirs, connection);
        var order = A.Order(theirs, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");

        await using var service = NpgsqlDataSource.Create(database.ConnectionStringAs("recording"));
        foreach (var table in new[] { "connection", "account", "wish", "document", "content", "step", "report" })
        {
            Assert.Equal(0L, await CountAsync(service, mine, table));
            Assert.NotEqual(0L, await CountAsync(service, theirs, table));
        }

        await using var forged = service.CreateBatch();
        forged.BatchCommands.Add(new("select set_config('app.company', $1, true)") { Parameters = { new() { Value = mine.ToString() } } });
        forged.BatchCommands.Add(new("insert into wish (company_id, connection_id, record_id, version, revision, wish) values ($1, $1, $1, 1, 1, 'push')") { Parameters = { new() { Value = theirs } } });
        var refused = await Assert.ThrowsAsync<PostgresException>(() => forged.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private static async Task<long> CountAsync(NpgsqlDataSource service, Guid company, string table)
    {
        await using var batch = service.CreateBatch();
        batch.BatchCommands.Add(new("select set_config('app.company', $1, true)") { Parameters = { new() { Value = company.ToString() } } });
        batch.BatchCommands.Add(new($"select count(*) from {table}"));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }

    private Task<string> ListAsync(string sql) => database.ScalarAsync<string>($"select coalesce(string_agg(x, ',' order by x), '') from ({sql}) list (x)");
}
