using MassTransit;
using Microsoft.AspNetCore.Authentication;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway;
using OrderSync.Gateway.Bundles;
using OrderSync.Gateway.Collections;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Images;
using OrderSync.Gateway.Live;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.OwnRecords;
using OrderSync.Gateway.Parked;
using OrderSync.Gateway.Quarantine;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Schemas;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sums;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Traffic;
using OrderSync.ServiceDefaults;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
if (args is ["migrate"])
    return await GatewaySchema.RunAsync(builder.Configuration, CancellationToken.None);
if (args is ["epoch", ..])
    return await EpochCommand.RunAsync(args, builder.Configuration, CancellationToken.None);

builder.AddServiceDefaults();
builder.AddDatabase("gateway", GatewaySchema.AuthRole, GatewaySchema.RelayRole, GatewaySchema.OpsRole);
builder.AddBus(Queues.Gateway, prefetch: 32, bus =>
{
    bus.AddConsumer<ReportsConsumer>();
    bus.AddConsumer<PulledRowsConsumer>();
});
builder.AddValidatedOptions<TokenSettings>("Tokens", tokens => tokens.WhyNot());
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.DefaultIgnoreCondition = ContractJson.Options.DefaultIgnoreCondition;
    json.SerializerOptions.NumberHandling = ContractJson.Options.NumberHandling;
    json.SerializerOptions.Encoder = ContractJson.Options.Encoder;
    json.SerializerOptions.Converters.Add(new PlainDecimals());
});
// Everywhere, not in development only: what cannot be bound is answered by RequestTrouble, with a code.
builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
builder.Services.AddExceptionHandler<RequestTrouble>();
builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = RequestTrouble.Complete);
builder.Services.AddOpenApi(ApiDocument.Describe);
builder.Services.AddAuthentication()
    .AddScheme<AuthenticationSchemeOptions, DeviceAuthentication>(DeviceAuthentication.Scheme_, null)
    .AddScheme<AuthenticationSchemeOptions, OfficeAuthentication>(OfficeAuthentication.Scheme_, null);
builder.Services.AddAuthorizationBuilder()
    .AddPolicy(DeviceAuthentication.Scheme_, policy => policy.AddAuthenticationSchemes(DeviceAuthentication.Scheme_).RequireAuthenticatedUser())
    .AddOfficePolicies();
builder.AddTraffic();
builder.AddDevices();
builder.AddSync();
builder.AddLive();
builder.AddOwnRecords();
builder.AddFeed();
builder.AddEpochs();
builder.AddSums();
builder.AddNudges();
builder.AddQuarantine();
builder.AddSchemas();
builder.AddRelay();
builder.AddDeliveries();
builder.AddParked();
builder.AddCollections();
builder.AddImages();
builder.AddBundles();
builder.AddOffice();

var app = builder.Build();
app.UseForwardedHeaders();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseAuthentication();
app.UseAuthorization();
app.UseRequestRates();
app.UseDeviceStanding();
app.UseFeedSignal();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapTraffic();
app.MapDevices();
app.MapSync();
app.MapLive();
app.MapOwnRecords();
app.MapFeed();
app.MapNudges();
app.MapQuarantine();
app.MapSchemas();
app.MapDeviceImages();
app.MapOffice();
app.MapBundles();
await app.RunAsync();
return 0;
