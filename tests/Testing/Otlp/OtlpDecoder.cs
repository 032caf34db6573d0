using System.Globalization;

namespace OrderSync.Testing.Otlp;

/// <summary>The parts of OTLP's export requests that tests look at; field numbers are those of opentelemetry-proto 1.x.</summary>
internal static class OtlpDecoder
{
    public static IEnumerable<OtlpSpan> Spans(ReadOnlyMemory<byte> request) =>
        from resource in Resources(request)
        from scope in resource.Scopes
        from span in scope.Where(field => field.Number == 2)
        select Span(resource.Service, ScopeOf(scope), [.. span.Fields]);

    public static IEnumerable<OtlpLog> Logs(ReadOnlyMemory<byte> request) =>
        from resource in Resources(request)
        from scope in resource.Scopes
        from log in scope.Where(field => field.Number == 2)
        let fields = log.Fields.ToList()
        select new OtlpLog(
            resource.Service,
            ScopeOf(scope),
            fields.FirstOrDefault(field => field.Number == 3).Text,
            fields.Where(field => field.Number == 5).Select(Value).FirstOrDefault("")!,
            fields.FirstOrDefault(field => field.Number == 9).Hex,
            fields.FirstOrDefault(field => field.Number == 10).Hex);

    public static IEnumerable<OtlpMetric> Metrics(ReadOnlyMemory<byte> request) =>
        from resource in Resources(request)
        from scope in resource.Scopes
        from metric in scope.Where(field => field.Number == 2)
        let fields = metric.Fields.ToList()
        select new OtlpMetric(resource.Service, ScopeOf(scope), fields.First(field => field.Number == 1).Text, [.. Points(fields)]);

    // Gauges are field 5, sums 7; a point's value is a double in field 4 or an integer in field 6.
    private static IEnumerable<OtlpPoint> Points(IEnumerable<ProtobufField> metric) =>
        from kind in metric
        where kind.Number is 5 or 7
        from point in kind.Fields
        where point.Number == 1
        let fields = point.Fields.ToList()
        from value in fields
        where value.Number is 4 or 6
        select new OtlpPoint(Attributes(fields, 7), value.Number == 4 ? BitConverter.UInt64BitsToDouble(value.Value) : (long)value.Value);

    private static IEnumerable<(string Service, IEnumerable<List<ProtobufField>> Scopes)> Resources(ReadOnlyMemory<byte> request) =>
        from resource in ProtobufReader.Read(request)
        let fields = resource.Fields.ToList()
        let attributes = Attributes(fields.Where(field => field.Number == 1).SelectMany(field => field.Fields), 1)
        select (attributes.GetValueOrDefault("service.name", ""), fields.Where(field => field.Number == 2).Select(scope => scope.Fields.ToList()));

    private static string ScopeOf(List<ProtobufField> scope) =>
        scope.Where(field => field.Number == 1).SelectMany(field => field.Fields).FirstOrDefault(field => field.Number == 1).Text;

    private static OtlpSpan Span(string service, string scope, List<ProtobufField> span)
    {
        ProtobufField One(int number) => span.FirstOrDefault(field => field.Number == number);
        var status = One(15).Fields.ToList();
        return new OtlpSpan(
            service, scope, One(1).Hex, One(2).Hex, One(4).Hex, One(5).Text, (OtlpSpanKind)One(6).Value,
            DateTimeOffset.UnixEpoch.AddTicks((long)One(7).Value / 100), DateTimeOffset.UnixEpoch.AddTicks((long)One(8).Value / 100),
            Attributes(span, 9),
            [.. span.Where(field => field.Number == 13).Select(link => link.Fields.First(field => field.Number == 1).Hex)],
            status.Any(field => field is { Number: 3, Value: 2 }));
    }

    private static Dictionary<string, string> Attributes(IEnumerable<ProtobufField> fields, int number)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var pair in fields.Where(field => field.Number == number).Select(field => field.Fields.ToList()))
            attributes[pair.First(field => field.Number == 1).Text] = pair.Where(field => field.Number == 2).Select(Value).FirstOrDefault("");
        return attributes;
    }

    private static string Value(ProtobufField any) => any.Fields.FirstOrDefault() switch
    {
        { Number: 1 } text => text.Text,
        { Number: 2 } flag => flag.Value == 0 ? "false" : "true",
        { Number: 3 } number => ((long)number.Value).ToString(CultureInfo.InvariantCulture),
        { Number: 4 } number => BitConverter.UInt64BitsToDouble(number.Value).ToString(CultureInfo.InvariantCulture),
        { Number: 5 } list => string.Join(',', list.Fields.Select(Value)),
        { Number: 0 } => "",
        var other => other.Hex,
    };
}
