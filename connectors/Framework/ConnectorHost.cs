using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Budgets;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Parked;
using OrderSync.Framework.Pull;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Framework;

/// <summary>Runs a connector: its Program.cs is one line.</summary>
public static class ConnectorHost
{
    /// <summary>Messages taken from the queue at once: a hundred are being written while the next hundred gather.</summary>
    private const ushort Prefetch = 200;

    /// <summary>Runs <typeparamref name="T"/> as a service, or, with the single argument <c>migrate</c>, brings its schema up to date and ends.</summary>
    public static void Run<T>(string[] args) where T : class, IConnector
    {
        try
        {
            RunAsync<T>(args).GetAwaiter().GetResult();
        }
        catch (Exception trouble) when (args is ["migrate"])
        {
            Console.Error.WriteLine($"The schema of {T.Info.Name} could not be migrated: {trouble.Message}");
            Environment.ExitCode = 1;
        }
    }

    /// <summary>See <see cref="Run{T}"/>.</summary>
    public static Task RunAsync<T>(string[] args) where T : class, IConnector
    {
        var builder = WebApplication.CreateBuilder(args);
        if (args is ["migrate"])
            return MigrateAsync<T>(builder, CancellationToken.None);

        builder.AddServiceDefaults();
        builder.AddConnector<T>();
        builder.AddConnectorBus<T>();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapManage();
        return app.RunAsync();
    }

    /// <summary>Makes roles and schema, runs the ledger's migrations and then the connector's own.</summary>
    internal static async Task MigrateAsync<T>(IHostApplicationBuilder builder, CancellationToken stop) where T : class, IConnector
    {
        var schema = new SchemaRun(builder.Configuration, T.Info.Name);
        await schema.PrepareAsync([WorkerRole(T.Info)], [], stop);
        await using (var ledger = new LedgerContext(schema.OptionsFor<LedgerContext>()))
            await ledger.Database.MigrateAsync(stop);
        await T.MigrateAsync(schema, stop);
        await BrokerUser.MakeAsync(builder.Configuration, T.Info.Name, stop);
    }

    /// <summary>The ledger and the work on it.</summary>
    internal static void AddConnector<T>(this IHostApplicationBuilder builder) where T : class, IConnector
    {
        var info = T.Info;
        var worker = WorkerRole(info);
        builder.AddDatabase(info.Name, worker);
        builder.AddValidatedOptions<SecretKeys>("Secrets", SecretKeys.WhyNot);
        builder.AddValidatedOptions<InternalKey>("Internal", InternalKey.WhyNot);
        builder.AddValidatedOptions<LevelSettings>(LevelSettings.Section, LevelSettings.WhyNot);
        builder.AddValidatedOptions<CallLogOptions>(CallLogOptions.Section, CallLogOptions.WhyNot);
        T.AddServices(builder);

        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = ContractJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.Encoder = ContractJson.Options.Encoder;
        });
        services.AddSingleton(info);
        services.AddSingleton(new OwnPages(T.MapManage));
        services.AddSingleton(provider => new KnownConnections(provider.GetRequiredService<ConnectionStore>(), provider.GetRequiredService<SettingsForm>()));
        services.AddSingleton<T>();
        services.AddSingleton(typeof(IConnector), provider => provider.GetRequiredService<T>());
        services.AddSingleton(provider => new LedgerDatabase(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredKeyedService<NpgsqlDataSource>(worker), provider.GetRequiredService<TimeProvider>()));
        services.AddCalls();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SettingsForm>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<Signals>();
        services.AddSingleton<RecordIntake>();
        services.AddSingleton<IntakeBatches>();
        services.AddSingleton<WaitingWishes>();
        services.AddSingleton<ReportLedger>();
        services.AddSingleton<GatewayEpochs>();
        services.AddSingleton<Office>();
        services.AddSingleton<Standing>();
        services.AddSingleton<ConnectionsHealth>();
        services.AddSingleton<SettingsHistory>();
        services.AddSingleton<Pauses>();
        services.AddSingleton<Attention>();
        services.AddSingleton<ErpQuestion>();
        services.AddSingleton<ShownDocuments>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<MappingStore>();
        services.AddSingleton<MappingChange>();
        services.AddSingleton<Approvals>();
        services.AddSingleton<ParkedMessages>();
        services.AddSingleton<Replica>();
        services.AddSingleton<Claims>();
        services.AddSingleton<Workbench>();
        services.AddSingleton<Notes>();
        services.AddSingleton<SecondLook>();
        services.AddSingleton<LongWaits>();
        services.AddHostedService(provider => provider.GetRequiredService<Signals>());
        services.AddHostedService<Worker>();
        services.AddPulls();
    }

    /// <summary>The queue of the connector and its reports to the gateway.</summary>
    internal static void AddConnectorBus<T>(this IHostApplicationBuilder builder) where T : class, IConnector
    {
        builder.AddBus(Queues.Connector(T.Info.Name), Prefetch, bus =>
        {
            bus.AddConsumer<DeliverRecordConsumer>();
            bus.AddConsumer<AcknowledgementConsumer>();
            bus.AddConsumer<GatewayEpochConsumer>();
            bus.AddConsumer<PulledAcknowledgementConsumer>();
        });
        builder.Services.AddHostedService<ReportSender>();
        builder.AddParkedKeeper<ParkedMessages>(Queues.Connector(T.Info.Name));
        builder.Services.AddHostedService<PulledSender>();
    }

    private static string WorkerRole(ConnectorInfo info) => $"{info.Name}_worker";
}
