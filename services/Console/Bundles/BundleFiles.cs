using System.Buffers.Binary;
using Microsoft.AspNetCore.Mvc;
using OrderSync.Console.Gateway;
using OrderSync.Console.Layout;

namespace OrderSync.Console.Bundles;

/// <summary>Takes the file that a person has chosen and hands it to the gateway part by part, so that the list shows how far it is and a slow part holds up no page.</summary>
internal static class BundleFiles
{
    private const long MostBytes = 512L * 1024 * 1024;
    private const int Header = 169, Length = 165, Signature = 64, MostPart = 8 * 1024 * 1024;

    public static void MapBundles(this WebApplication app) => app.MapPost("/bundles/bring", BringAsync).RequireAuthorization()
        .WithFormOptions(multipartBodyLengthLimit: MostBytes).WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    // A form of any kind, so that a forged one is refused for that and nothing else.
    private static async Task<IResult> BringAsync([FromForm] string? button, HttpContext http, GatewayClient gateway)
    {
        var said = new Said();
        try
        {
            if (button is not null && http.Request.Form.Files["file"] is { Length: > 0 } file)
                await SendAsync(file, gateway, said, http.RequestAborted);
            FlashCookie.Say(http, said.Sentence);
        }
        catch (GatewayAway)
        {
            FlashCookie.Say(http, $"{said.Sentence} Then there was no answer. Bring the same file again in a moment; doing it twice does no harm.");
        }

        return Results.Redirect(said.Bundle is { } id ? $"/bundles/{id}" : "/bundles");
    }

    private static async Task SendAsync(IFormFile file, GatewayClient gateway, Said said, CancellationToken stop)
    {
        await using var stream = file.OpenReadStream();
        var header = new byte[Header];
        for (var place = 1; await stream.ReadAtLeastAsync(header, Header, throwOnEndOfStream: false, stop) is > 0 and var read; place++)
        {
            // What is no part is the gateway's to refuse, with its reason; what follows it cannot be told apart.
            var rest = read < Header ? 0 : BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(Length));
            var whole = rest is > 0 and < MostPart;
            var part = new byte[read + (whole ? rest + Signature : 0)];
            header.AsSpan(0, read).CopyTo(part);
            var length = read + await stream.ReadAtLeastAsync(part.AsMemory(read), part.Length - read, throwOnEndOfStream: false, stop);
            try
            {
                said.Add((await gateway.BringAsync<BundleImport>($"/v1/office/bundles?place={place}", part.AsMemory(0, length), stop)).Parts);
            }
            catch (GatewayProblem no)
            {
                said.Add(no.Message);
            }

            if (!whole)
                return;
        }
    }

    /// <summary>What became of the file, in a few sentences.</summary>
    private sealed class Said
    {
        private int parts, records, held;
        private string? trouble;

        public Guid? Bundle { get; private set; }

        public string Sentence => (parts, trouble) switch
        {
            (0, null) => "Choose the file that the device has exported.",
            (0, { } why) => why,
            (_, null) => Taken,
            var (_, why) => $"{Taken} {why}",
        };

        private string Taken => $"{(parts == 1 ? "One part" : $"{parts} parts")} with {(records == 1 ? "one record" : $"{records} records")} {(parts == 1 ? "was" : "were")} taken.{(held == 0 ? "" : $" {(held == 1 ? "One of them waits" : $"{held} of them wait")} for you: the device is revoked.")}";

        public void Add(IReadOnlyList<BundlePart> answers)
        {
            foreach (var part in answers)
            {
                Bundle ??= part.Bundle;
                if (part.State is "taken" or "held")
                    (parts, records, held) = (parts + 1, records + part.Records, held + part.Held);
                else
                    Add(part.Message ?? "");
            }
        }

        // The first says it; a damaged file has the same to say of every part.
        public void Add(string why) => trouble ??= why;
    }
}
