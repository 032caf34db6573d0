using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.People;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Gateway.Storage;

/// <summary>The gateway's schema run: roles, migrations, and the first company of a new installation.</summary>
internal static class GatewaySchema
{
    /// <summary>Calls the functions that find out who knocks; nothing else.</summary>
    public const string AuthRole = "gateway_auth";

    /// <summary>Claims outbox rows of all companies; sees no bodies.</summary>
    public const string RelayRole = "gateway_relay";

    /// <summary>Counts across companies; sees no bodies.</summary>
    public const string OpsRole = "gateway_ops";

    private const string LookupRole = "gateway_lookup";

    /// <summary>Owns the function that begins an epoch; nobody logs in as it.</summary>
    private const string EpochRole = "gateway_epoch";

    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop)
    {
        var run = new SchemaRun(configuration, "gateway");
        await run.PrepareAsync([AuthRole, RelayRole, OpsRole], [LookupRole, EpochRole], stop);
        await using (var context = new GatewayContext(run.OptionsFor<GatewayContext>()))
            await context.Database.MigrateAsync(stop);
        await HandOverFunctionsAsync(configuration, stop);
        await AddFirstCompanyAsync(run, configuration, stop);
        await BrokerUser.MakeAsync(configuration, Queues.Gateway.Name, stop);
        Console.WriteLine("The gateway's schema is up to date.");
        return 0;
    }

    // Only an administrator can give a function to a role that the owner is not a member of.
    private static async Task HandOverFunctionsAsync(IConfiguration configuration, CancellationToken stop)
    {
        await using var administrator = NpgsqlDataSource.Create(configuration.RequireConnectionString("ordersync"));
        await using var command = administrator.CreateCommand($"""
            alter function gateway.find_actor(bytea) owner to {LookupRole};
            alter function gateway.find_person(text) owner to {LookupRole};
            alter function gateway.find_invitation(bytea) owner to {LookupRole};
            alter function gateway.find_enrolment_code(bytea) owner to {LookupRole};
            alter function gateway.find_device(uuid) owner to {LookupRole};
            alter function gateway.companies_to_release() owner to {LookupRole};
            alter function gateway.companies_to_merge() owner to {LookupRole};
            alter function gateway.companies_to_trim(timestamptz) owner to {LookupRole};
            alter function gateway.companies_to_follow() owner to {LookupRole};
            alter function gateway.begin_epoch(uuid, uuid, uuid[], uuid, timestamptz, text) owner to {EpochRole};
            alter function gateway.feed_heads(uuid[]) owner to {LookupRole};
            drop function if exists gateway.companies_with_waiting_records();
            drop function if exists gateway.companies_to_sum();
            drop function if exists gateway.find_api_key(bytea)
            """);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task AddFirstCompanyAsync(SchemaRun run, IConfiguration configuration, CancellationToken stop)
    {
        if (configuration["Bootstrap:Company"] is not { Length: > 0 } name || configuration["Bootstrap:ApiKey"] is not { Length: >= 24 } key)
        {
            Console.WriteLine("Bootstrap:Company and Bootstrap:ApiKey (24 characters or more) are not set: no company is made.");
            return;
        }

        // The same key gives the same company, so that the run may be repeated and killed anywhere.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var company = new Guid(hash.AsSpan(0, 16));
        await using var connection = new NpgsqlConnection(run.AsOwner);
        await connection.OpenAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("insert into company (company_id, name) values ($1, $2) on conflict do nothing", company, name);
        batch.Add("insert into company_feed (company_id, epoch) values ($1, $2) on conflict do nothing", company, Guid.NewGuid());
        batch.Add("insert into api_key (company_id, key_id, hash, name, role) values ($1, $1, $2, 'First key', 'owner') on conflict do nothing", company, hash);
        if (configuration["Bootstrap:FirstSignIn"] is { Length: >= 24 } code)
            AddFirstInvitation(batch, company, code);
        await batch.ExecuteNonQueryAsync(stop);
    }

    // For a company without people. Until somebody has used it each run gives it its days again; afterwards it opens nothing, and no run changes that.
    private static void AddFirstInvitation(NpgsqlBatch batch, Guid company, string code)
    {
        var (now, invitation) = (TimeProvider.System.GetUtcNow(), Secrets.HashOfCode(code));
        batch.Add("""
            insert into person (company_id, person_id, name, role, stamp, created_at)
            select $1, $2, 'First owner', 'owner', '', $3 where not exists (select from person where company_id = $1)
            """, company, new Guid(SHA256.HashData([.. company.ToByteArray(), .. invitation]).AsSpan(0, 16)), now);
        batch.Add("update person set invitation = $2, invitation_until = $3 where company_id = $1 and email is null and joined_at is null and not disabled",
            company, invitation, now + CompanyPeople.InvitationLifetime);
    }
}
