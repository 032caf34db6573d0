using OrderSync.Simulator.Trace;

namespace OrderSync.EndToEnd.Tests.Trace;

public sealed class TraceTextTests
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 3, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_terminal_of_eighty_columns_shows_every_step_with_its_time_place_attempts_and_reason()
    {
        var lines = TraceText.Of(Order, TimeZoneInfo.Utc, 80).ToList();

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal(
            """
            order SO-MAIN-000017 · W-1017 · 332.58 USD · accepted · revision 2
            id     f19cefec-11f9-555a-89a4-0054e9882880
            device 061d3943-325b-5643-9e9e-2834ad3ca6b0 of Ada
            trace  4bf92f3577b34da6a3ce929d0e0e4736

            Tuesday, 2026-03-03 +00:00
              09:00:00.000  device    Ada captured it.
              09:00:01.500  gateway   Revision 2 came and was accepted. +1.5 s
              09:05:01.500  zoho      zoho has not got it yet; it is tried again by itself.
                                      Attempt 3. +5 min
                                      erp.busy: Zoho asks to come again later, since this
                                        organisation has used its calls of a minute.

            Wednesday, 2026-03-04 +00:00
              09:05:01.500  connecti… It is in zoho. +24 h

            zoho: done as SO-00017, 332.58 USD, 4 attempts
            email: attention, 1 attempt
              mail.refused: no-such-user@customers.example is not known there. Correct the
                address, then retry.
            """.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }

    private static TracedRecord Order => new(
        new Guid("f19cefec-11f9-555a-89a4-0054e9882880"), "order", 2, "accepted", null, null, "SO-MAIN-000017", "W-1017", "USD", 332.58m, "Ada",
        new Guid("061d3943-325b-5643-9e9e-2834ad3ca6b0"), "4bf92f3577b34da6a3ce929d0e0e4736",
        [
            new("zoho", 2, "done", "460000001", "SO-00017", 332.58m, null, null, null, 4),
            new("email", 2, "attention", null, null, null, "mail.refused", "no-such-user@customers.example is not known there.", "Correct the address, then retry.", 1),
        ],
        [
            new(Morning, "record.captured", "Ada captured it.", 1, null, null, null, null, null),
            new(Morning.AddSeconds(1.5), "verdict.accepted", "Revision 2 came and was accepted.", 2, null, null, null, null, null),
            new(Morning.AddSeconds(301.5), "delivery.waiting", "zoho has not got it yet; it is tried again by itself.", 2, "zoho", "waiting", "erp.busy", "Zoho asks to come again later, since this organisation has used its calls of a minute.", 3),
            new(Morning.AddSeconds(301.5).AddDays(1), "delivery.done", "It is in zoho.", 2, "connection-with-a-long-name", "done", null, null, 0),
        ],
        []);
}
