using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CsvHelper;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>
/// Rows as CSV: columns are named as in JSON, with dots for what is nested, such as <c>body.billing.city</c>. An empty cell is an absent value, "" an empty text. What is neither
/// text, number, yes or no, nor nested, stands as JSON in its cell, so that an export comes back as it was.
/// </summary>
internal sealed class Sheet<T> where T : class
{
    private const int MostBytesOfLine = 1024 * 1024;
    private readonly JsonSerializerOptions json;
    private readonly List<Column> columns = [];

    public Sheet(JsonSerializerOptions json)
    {
        this.json = json;
        AddColumns(typeof(T), []);
    }

    private sealed record Column(string Name, string[] Path, Type Type);

    /// <summary>Writes rows, under a line of names if wanted. An empty text is written as "", an absent value as nothing.</summary>
    public byte[] Write(IEnumerable<T> rows, bool header)
    {
        using var bytes = new MemoryStream();
        using var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default, leaveOpen: true);
        if (header)
            Line(columns.Select(column => column.Name));
        foreach (var row in rows)
        {
            var node = JsonSerializer.SerializeToNode(row, json);
            Line(columns.Select(column => Cell(column, node)));
        }

        csv.Flush();
        return bytes.ToArray();

        void Line(IEnumerable<string?> cells)
        {
            foreach (var cell in cells)
                csv.WriteField(cell, cell == "" ? CsvQuoting.Always : CsvQuoting.WhenNeededOrWhitespace);
            csv.EndRecord();
        }
    }

    /// <summary>Reads rows one by one; each is a row or what is wrong with it. After a line whose end cannot be told nothing more is read.</summary>
    public IEnumerable<(int Line, T? Row, BulkFault? Fault)> Read(Stream text)
    {
        using var csv = CsvReader.Create(
            text, CsvReaderOptions.Default with { MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = MostBytesOfLine, TrackLineNumbers = true }, leaveOpen: true);
        if (Next(csv, header: true, out _) is { } broken)
        {
            yield return (1, null, broken);
            yield break;
        }

        if (Names(csv.Headers, out var names) is { } bad)
        {
            yield return (1, null, bad);
            yield break;
        }

        while (true)
        {
            if (Next(csv, header: false, out var more) is { } fault)
            {
                yield return (fault.Line!.Value, null, fault);
                yield break;
            }

            if (!more)
                yield break;
            var line = (int)csv.LineNumber;
            if (!Utf8.IsValid(csv.RawRecord))
                yield return (line, null, new(line, null, null, "is not UTF-8; save the file as \"CSV UTF-8\""));
            else if (csv.FieldCount != names.Count)
                yield return (line, null, new(line, null, null, $"has {csv.FieldCount} cells where the first line has {names.Count}"));
            else
                yield return Row(csv, names, line);
        }
    }

    private static BulkFault? Next(CsvReader csv, bool header, out bool more)
    {
        more = true;
        try
        {
            if (header)
                csv.ReadHeader();
            else
                more = csv.Read();
            return null;
        }
        catch (CsvFormatException trouble)
        {
            return new((int)Math.Max(1, trouble.LineNumber), null, null, "is not CSV: a quote is missing or stands inside a cell, or the line is longer than 1 MB");
        }
    }

    private BulkFault? Names(IReadOnlyList<string> first, out List<Column> names)
    {
        names = [];
        if (first.Count == 0)
            return new(1, null, null, $"must name the columns: {string.Join(", ", columns.Select(column => column.Name))}");

        foreach (var name in first.Select(name => name.Trim()))
        {
            if (columns.Find(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } column)
                return new(1, null, name, $"is not a column; there are {string.Join(", ", columns.Select(known => known.Name))}");
            if (names.Contains(column))
                return new(1, null, name, "stands twice in the first line");
            names.Add(column);
        }

        return null;
    }

    private (int, T?, BulkFault?) Row(CsvReader csv, List<Column> names, int line)
    {
        var row = new JsonObject();
        for (var i = 0; i < names.Count; i++)
        {
            if (csv.GetRawSpan(i).IsEmpty)
                continue;
            if (Value(names[i], csv.GetString(i), out var value) is { } why)
                return (line, null, new(line, null, names[i].Name, why));
            var parent = row;
            foreach (var step in names[i].Path[..^1])
                parent = (JsonObject)(parent[step] ??= new JsonObject());
            parent[names[i].Path[^1]] = value;
        }

        try
        {
            return (line, row.Deserialize<T>(json)!, null);
        }
        catch (JsonException trouble)
        {
            return (line, null, new(line, null, trouble.Path?.TrimStart('$', '.'), "cannot be read"));
        }
    }

    private static string? Value(Column column, string cell, out JsonNode? value)
    {
        value = null;
        if (column.Type == typeof(string) || column.Type == typeof(DateTimeOffset) || column.Type == typeof(DateOnly))
            value = cell;
        else if (column.Type == typeof(decimal))
        {
            if (!decimal.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return cell.Contains(',', StringComparison.Ordinal) ? $"is \"{Short(cell)}\"; write decimals with a point and nothing between thousands, such as 1234.50" : $"is \"{Short(cell)}\", which is not a number";
            value = number;
        }
        else if (column.Type == typeof(bool))
        {
            if (!bool.TryParse(cell, out var yes))
                return $"is \"{Short(cell)}\"; write true or false";
            value = yes;
        }
        else if (column.Type == typeof(Guid))
        {
            if (!Guid.TryParseExact(cell, "D", out var id))
                return $"is \"{Short(cell)}\", which is not an id such as 0197a000-0000-7000-8000-000000000001";
            value = id;
        }
        else
        {
            try
            {
                value = JsonNode.Parse(cell);
            }
            catch (JsonException)
            {
                return "is not JSON";
            }
        }

        return null;
    }

    private static string? Cell(Column column, JsonNode? row)
    {
        foreach (var step in column.Path)
            row = row?[step];
        return row is null ? null : column.Type == typeof(string) ? row.GetValue<string>() : row.ToJsonString().Trim('"');
    }

    private static string Short(string cell) => cell.Length > 40 ? cell[..40] + "…" : cell;

    private void AddColumns(Type type, string[] path)
    {
        foreach (var parameter in type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters())
        {
            string[] here = [.. path, JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)];
            var inner = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (inner is { IsClass: true, Namespace: not null } && inner.Namespace.StartsWith("OrderSync", StringComparison.Ordinal))
                AddColumns(inner, here);
            else
                columns.Add(new(string.Join('.', here), here, inner));
        }
    }
}
