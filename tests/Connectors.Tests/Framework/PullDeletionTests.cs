using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Framework.Pull;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>When a row that is not seen any more is believed to be deleted.</summary>
public sealed class PullDeletionTests(LedgerFixture database) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private const string Items = CollectionNames.Items;
    private readonly ManualClock clock = new();
    private PullBench bench = null!;

    private Shelf Shelf => bench.Erp.Shelf(Items);

    public async Task InitializeAsync()
    {
        bench = new(database, clock);
        await bench.StartAsync(Items);
        Shelf.PageSize = 50;
    }

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task F024_A_row_deleted_there_is_deleted_by_the_next_sweep_and_not_by_a_look_for_changes()
    {
        await FillAsync(10);
        Shelf.Delete("3");

        await AfterAsync(TimeSpan.FromMinutes(10));
        var before = bench.Held(Items).Count;
        await AfterAsync(TimeSpan.FromHours(24));

        Assert.Equal((10, 9), (before, bench.Held(Items).Count));
        Assert.DoesNotContain("3", bench.Held(Items).Keys);
    }

    [Fact]
    public async Task F024_A_row_that_comes_back_lives_again()
    {
        await FillAsync(5);
        Shelf.Delete("3");
        await AfterAsync(TimeSpan.FromHours(24));
        Shelf.Put("3", PullTests.Item(3));

        await AfterAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(bench.There(Items), bench.Held(Items));
    }

    [Fact]
    public async Task Where_the_ERP_gives_no_count_two_sweeps_in_a_row_must_miss_a_row()
    {
        Shelf.Total = _ => null;
        await FillAsync(10);
        Shelf.Delete("3");

        await AfterAsync(TimeSpan.FromHours(24));
        var once = bench.Held(Items).Count;
        await AfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((10, 9), (once, bench.Held(Items).Count));
    }

    [Fact]
    public async Task A_sweep_whose_count_does_not_agree_deletes_nothing_and_says_so()
    {
        await FillAsync(10);
        Shelf.Delete("3");
        Shelf.Total = count => count + 1;

        await AfterAsync(TimeSpan.FromHours(24));

        Assert.Equal(10, bench.Held(Items).Count);
        Assert.Equal("pull.countDiffers", (await bench.StandingAsync(Items)).Code);
        Shelf.Total = count => count;
        await AfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(9, bench.Held(Items).Count);
        Assert.Null((await bench.StandingAsync(Items)).Code);
    }

    [Fact]
    public async Task A_sweep_that_was_cut_off_deletes_nothing_before_it_has_gone_on_to_its_end()
    {
        Shelf.PageSize = 3;
        await FillAsync(10);
        Shelf.Delete("9");
        var calls = 0;
        bench.Erp.Arriving = call => call.Name == Items && ++calls == 2 ? throw new HttpRequestException("away") : Task.CompletedTask;

        await AfterAsync(TimeSpan.FromHours(24));
        var cutOff = bench.Held(Items).Count;
        await AfterAsync(TimeSpan.FromMinutes(15));

        Assert.Equal((10, 9), (cutOff, bench.Held(Items).Count));
        // The first page of the sweep, the call that failed, and the two pages that were left.
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task F024_More_than_two_per_cent_gone_at_once_wait_for_a_persons_word_which_is_noted()
    {
        await FillAsync(100);
        for (var i = 0; i < 4; i++)
            Shelf.Delete($"{i}");
        await AfterAsync(TimeSpan.FromHours(24));
        var standing = await bench.StandingAsync(Items);
        Assert.Equal((100, 4L, "pull.manyDeleted"), (bench.Held(Items).Count, standing.Missing, standing.Code));
        var trouble = Assert.Single(await bench.Office.TroublesAsync(bench.Company, default));
        Assert.Equal((bench.Connection, Items, 4L, "pull.manyDeleted", clock.GetUtcNow()), (trouble.ConnectionId, trouble.Collection, trouble.Missing, trouble.Code, trouble.At));

        Assert.Null(await bench.Office.ConfirmAsync(bench.Of(Items), 5, "Ann", default));
        Assert.Equal(4, await bench.Office.ConfirmAsync(bench.Of(Items), 4, "Ann", default));
        await bench.TellAsync();

        Assert.Equal(96, bench.Held(Items).Count);
        Assert.Null((await bench.StandingAsync(Items)).Code);
        Assert.Empty(await bench.Office.TroublesAsync(bench.Company, default));
        Assert.Equal("Ann", await database.ScalarAsync<string>($"select person from recording.change where company_id = '{bench.Company}' and action = 'pull.deletions'"));
    }

    [Fact]
    public async Task What_will_not_be_read_waits_for_a_person_and_what_goes_on_by_itself_for_nobody()
    {
        await FillAsync(3);
        bench.Erp.Arriving = _ => throw new HttpRequestException("away");
        await AfterAsync(TimeSpan.FromMinutes(10));
        var away = await bench.Office.TroublesAsync(bench.Company, default);
        bench.Erp.Arriving = _ => throw new OutcomeException(new Outcome.Refused("erp.searchIgnored", "The ERP answered with other things.", "Report this."));
        await AfterAsync(TimeSpan.FromHours(1));

        var refused = Assert.Single(await bench.Office.TroublesAsync(bench.Company, default));

        Assert.Empty(away);
        Assert.Equal((0L, null, "erp.searchIgnored", "The ERP answered with other things.", "Report this."), (refused.Missing, refused.At, refused.Code, refused.Reason, refused.Fix));
    }

    [Fact]
    public async Task Rows_held_back_that_are_there_again_need_nobody()
    {
        await FillAsync(100);
        for (var i = 0; i < 60; i++)
            Shelf.Delete($"{i}");
        await AfterAsync(TimeSpan.FromHours(24));
        var held = (await bench.StandingAsync(Items)).Missing;
        for (var i = 0; i < 60; i++)
            Shelf.Put($"{i}", PullTests.Item(i));

        await AfterAsync(TimeSpan.FromHours(24));

        Assert.Equal((60L, 0L), (held, (await bench.StandingAsync(Items)).Missing));
        Assert.Equal(bench.There(Items), bench.Held(Items));
    }

    [Theory]
    [InlineData(1, 1, 0, true)]
    [InlineData(10, 3, 0, true)]
    [InlineData(10, 4, 4, false)]
    [InlineData(10_000, 50, 0, true)]
    [InlineData(10_000, 51, 51, false)]
    [InlineData(200, 4, 0, true)]
    [InlineData(200, 5, 5, false)]
    public void A_few_go_by_themselves_and_many_wait(long live, long missed, long held, bool deletes)
    {
        var verdict = Deletions.Judge(new Swept(live, live - missed, 0, live - missed), "ERP", Items);

        Assert.Equal((held, deletes), (verdict.Held, verdict.Delete));
    }

    private async Task FillAsync(int rows)
    {
        for (var i = 0; i < rows; i++)
            Shelf.Put($"{i}", PullTests.Item(i));
        await AfterAsync(TimeSpan.Zero);
    }

    private async Task AfterAsync(TimeSpan time)
    {
        clock.Advance(time);
        await bench.LookAsync();
        await bench.TellAsync();
    }
}
