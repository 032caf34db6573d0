using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office;

namespace OrderSync.Gateway;

/// <summary>
/// What the OpenAPI document says of every endpoint alike: who may call it, which problems it may answer with, and its parameters as they are written.
/// </summary>
internal static class ApiDocument
{
    private const string Problem = nameof(ProblemDetails);
    private const string RetryAfter = "Retry-After";

    // Parameters whose meaning is the same wherever they stand.
    private static readonly Dictionary<string, string> Known = new()
    {
        ["id"] = "Its id.",
        ["name"] = "Its name.",
        ["sha256"] = "SHA-256 of the bytes, in hexadecimal.",
        ["kind"] = "Kind of record, such as order.",
        ["version"] = "Version of the shape, such as 1.",
        ["since"] = "RFC 3339 time; only what came then or later.",
        ["limit"] = "Rows on a page.",
        ["next"] = "The value of `next` in the page before.",
        ["after"] = "The value of `next` in the page before.",
        ["search"] = "Only rows with this text.",
        ["connection"] = "Name of a connection.",
        ["code"] = "Stable code of the reason.",
        ["path"] = "Which of the connector's pages of this connection, such as state, calls, test, pause or resume.",
    };

    private static readonly Dictionary<int, string> Problems = new()
    {
        [StatusCodes.Status400BadRequest] = "The request cannot be taken as it is; type is the code, detail says what to change.",
        [StatusCodes.Status401Unauthorized] = "The credentials are missing, unknown, expired or revoked.",
        [StatusCodes.Status403Forbidden] = "The role of this key or person may not do that.",
        [StatusCodes.Status404NotFound] = "There is no such thing in this company.",
        [StatusCodes.Status429TooManyRequests] = "Too many requests; Retry-After says when to go on.",
        [StatusCodes.Status503ServiceUnavailable] = "The server's own trouble; nothing was judged, send it again after Retry-After.",
    };

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "OrderSync gateway", Version = "1", Description = "What devices and the office call. Every problem is application/problem+json; its type is a stable code." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [DeviceAuthentication.Scheme_] = Bearer("Access token of an enrolled device, 15 minutes, from /v1/devices/enrol or /v1/devices/token.", "JWT"),
                [OfficeAuthentication.Scheme_] = Bearer("API key of the office, os_…, or session of a person, oss_…, from /v1/office/sign-in.", null),
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        // Absent instead of null: what may be absent is not required, and null is never written.
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (schema.Properties is not null && schema.Required is not null)
                foreach (var (name, property) in schema.Properties)
                    if (property.Type is { } type && type.HasFlag(JsonSchemaType.Null))
                        schema.Required.Remove(name);
            return Task.CompletedTask;
        });
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var policies = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy).ToList();
        if (policies.Count > 0)
        {
            var scheme = policies.Contains(DeviceAuthentication.Scheme_) ? DeviceAuthentication.Scheme_ : OfficeAuthentication.Scheme_;
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            parameter.Description ??= Known.GetValueOrDefault(parameter.Name);
        }

        await AddProblemsAsync(operation, context, policies, stop);
    }

    private static async Task AddProblemsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, List<string?> policies, CancellationToken stop)
    {
        if (context.Document?.Components?.Schemas?.ContainsKey(Problem) != true)
            context.Document!.AddComponent(Problem, await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, stop));

        operation.Responses ??= [];
        foreach (var (status, description) in Problems)
        {
            var possible = status switch
            {
                StatusCodes.Status400BadRequest => operation.RequestBody is not null || operation.Parameters is { Count: > 0 },
                StatusCodes.Status401Unauthorized => policies.Count > 0,
                StatusCodes.Status403Forbidden => policies.Any(policy => policy is not (DeviceAuthentication.Scheme_ or OfficeAuthentication.Scheme_)),
                StatusCodes.Status404NotFound => operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true,
                _ => true,
            };
            if (possible)
                operation.Responses.TryAdd($"{status}", Answer(status, description, context.Document!));
        }
    }

    private static OpenApiResponse Answer(int status, string description, OpenApiDocument document)
    {
        var answer = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) } },
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            answer.Headers = new Dictionary<string, IOpenApiHeader> { [RetryAfter] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } };
        return answer;
    }

    private static OpenApiSecurityScheme Bearer(string description, string? format) =>
        new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = format, Description = description };
}
