using OrderSync.Contracts;

namespace OrderSync.Gateway.Schemas;

/// <summary>The published shapes of records: <c>/v1/schemas</c>.</summary>
internal static class AddSchemasExtensions
{
    public static void AddSchemas(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<RecordSchemas>();

    public static void MapSchemas(this IEndpointRouteBuilder app)
    {
        var schemas = app.MapGroup("/v1/schemas").WithTags("Sync");
        schemas.MapGet("", (RecordSchemas all) =>
            Results.Ok(new { schemas = all.All.Select(schema => new { schema.Kind, schema.Version, path = RecordSchemas.PathOf(schema.Kind, schema.Version) }) }))
            .WithSummary("Lists the shapes of records").Produces<object>();
        schemas.MapGet("/{kind}/{version:int}", (RecordSchemas all, string kind, int version) => all.Find(kind, version) is { } schema
            ? Results.Text(schema.ToJsonString(ContractJson.Options), "application/schema+json")
            : Problems.NotFound("schema.unknown", "No such kind or version. GET /v1/schemas lists what there is."))
            .WithSummary("Gives the shape of a record as JSON Schema").Produces<object>(StatusCodes.Status200OK, "application/schema+json");
    }
}
