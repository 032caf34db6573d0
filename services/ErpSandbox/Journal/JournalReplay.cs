using System.Text.Json;

namespace OrderSync.ErpSandbox;

/// <summary>Reads the journal back at start.</summary>
internal static class JournalReplay
{
    /// <summary>Hands each line to its part and leaves the file positioned for appending; a last line cut short by a crash is removed.</summary>
    public static long Run(FileStream file, IEnumerable<IJournaled> parts)
    {
        file.SetLength(EndOfLastWholeLine(file));
        file.Position = 0;
        var number = 0L;
        var owners = parts.ToArray();
        using (var reader = new StreamReader(file, leaveOpen: true))
        {
            while (reader.ReadLine() is { } text)
            {
                number++;
                Apply(text, number, owners);
            }
        }

        file.Position = file.Length;
        return number;
    }

    private static void Apply(string text, long number, IJournaled[] owners)
    {
        JournalLine line;
        try
        {
            line = JsonSerializer.Deserialize<JournalLine>(text)
                ?? throw new JsonException("The line is null.");
        }
        catch (JsonException damage)
        {
            throw new InvalidDataException($"Line {number} of the journal is damaged. Move the file away to begin with nothing.", damage);
        }

        var owner = Array.Find(owners, part => line.Kind.StartsWith(part.Prefix, StringComparison.Ordinal))
            ?? throw new InvalidDataException($"Line {number} of the journal is of the unknown kind {line.Kind}.");
        owner.Replay(line.Kind, line.Scope, line.Value);
    }

    private static long EndOfLastWholeLine(FileStream file)
    {
        var chunk = new byte[4096];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - chunk.Length);
            file.Position = start;
            file.ReadExactly(chunk, 0, (int)(end - start));
            var at = Array.LastIndexOf(chunk, (byte)'\n', (int)(end - start) - 1);
            if (at >= 0)
                return start + at + 1;
            end = start;
        }

        return 0;
    }
}
