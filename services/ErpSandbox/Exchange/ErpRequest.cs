namespace OrderSync.ErpSandbox;

/// <summary>One call to a stand-in in neutral form: independent of the connection it came by, so it can be carried out later or logged.</summary>
internal sealed record ErpRequest(
    string Method,
    string Path,
    string BaseUrl,
    IQueryCollection Query,
    IReadOnlyDictionary<string, string> Route,
    string? Authorization,
    string? ContentType,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>The value of a header; case does not matter.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Reads the whole call.</summary>
    public static async Task<ErpRequest> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return new ErpRequest(
            http.Request.Method,
            http.Request.Path.Value ?? "/",
            $"{http.Request.Scheme}://{http.Request.Host}",
            http.Request.Query,
            http.Request.RouteValues.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? ""),
            http.Request.Headers.Authorization,
            http.Request.ContentType,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
    }
}

/// <summary>The answer to a call, before it is sent.</summary>
internal sealed record ErpAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Seconds the caller should wait, if the ERP says so.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Where what was written is to be found, if the ERP says so.</summary>
    public string? Location { get; init; }

    /// <summary>What the body is; some ERPs answer trouble in another form than they were asked in.</summary>
    public string ContentType { get; init; } = "application/json;charset=UTF-8";

    /// <summary>Sends the answer.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Location is not null)
            http.Response.Headers.Location = Location;
        // An answer without content says nothing about what it would be.
        if (Status == StatusCodes.Status204NoContent)
            return;
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
