using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Texts arrive as captured; what is too long is cut visibly or refused, never silently.</summary>
public abstract class TextCases(ConformanceStage stage) : MoneyCases(stage)
{
    [Fact]
    public Task Texts_in_any_script_arrive_as_captured() => ArriveAsync("Bäckerei Süß 橄榄油 Łukasz محمد שלום Ωμέγα 🚪");

    [Fact]
    public Task Texts_made_of_what_JSON_and_addresses_are_made_of_arrive_as_captured() => ArriveAsync("A&B \"Quote\" \\ 100 % + <b>'x'</b>; a/b?c#d=e {f} [g]");

    [Fact]
    public async Task Notes_that_are_too_long_are_cut_visibly()
    {
        var notes = string.Concat(Enumerable.Range(0, 2500).Select(i => $"{i % 1000:000} "));
        var theirs = await NotesAsync(notes);

        Assert.EndsWith("…", theirs, StringComparison.Ordinal);
        Assert.StartsWith(theirs[..^1], notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_never_goes_through_the_middle_of_a_character()
    {
        // An odd and an even number of characters before the pairs: one of the two would be cut in its middle.
        foreach (var before in new[] { "", "x" })
        {
            var theirs = await NotesAsync(before + string.Concat(Enumerable.Repeat("🚪", 5000)));

            Assert.DoesNotContain('\ufffd', theirs);
            Assert.EndsWith("🚪…", theirs, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_name_of_the_greatest_length_finds_its_customer_again()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home, Capture.Customer(new string('Ñ', 200)));
        Line.Lay(CallStep.CreateCustomer, Obstacles.LosesTheAnswer);

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Single(Line.To(CallStep.CreateCustomer));
    }

    private async Task ArriveAsync(string text)
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home, body => body with { Notes = text }, Capture.Customer(text));

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Equal(text, (await Organisation.OrdersAsync()).Single(one => one.RecordId == order.RecordId).Text);
        Assert.Equal(text, (await Organisation.CustomersAsync()).Single(one => one.RecordId == order.Customer!.Id).Text);
    }

    private async Task<string> NotesAsync(string notes)
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home, body => body with { Notes = notes });
        await PushAsync(replica, order);
        return (await Organisation.OrdersAsync()).Single(one => one.RecordId == order.RecordId).Text;
    }
}
