using Microsoft.Extensions.Options;
using OrderSync.Gateway.Traffic;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Traffic;

/// <summary>Who is served when more devices come at once than can be served.</summary>
public sealed class WaitingRoomTests
{
    private static readonly Guid Big = Guid.NewGuid();
    private static readonly Guid Small = Guid.NewGuid();
    private static readonly ManualClock Clock = new();
    private readonly WaitingRoom room = new(Options.Create(new LimitSettings { Pushes = 4, BodyMegabytes = 96 }), Clock);

    [Fact]
    public async Task F132_Companies_are_served_in_turn_however_many_devices_of_one_wait_before_the_other_comes()
    {
        var served = new List<Guid>();
        var inside = new Queue<(Guid Company, WaitingRoom.Place Place)>();
        for (var i = 0; i < WaitingRoom.OfCompany; i++)
            inside.Enqueue((Big, (await room.EnterAsync(Big, default))!));
        inside.Enqueue((Small, (await room.EnterAsync(Small, default))!));
        var waiting = Enumerable.Range(0, 100).Select(_ => (Company: Big, Turn: room.EnterAsync(Big, default)))
            .Concat(Enumerable.Range(0, 10).Select(_ => (Company: Small, Turn: room.EnterAsync(Small, default)))).ToList();

        while (waiting.Count > 0)
        {
            inside.Dequeue().Place.Dispose();
            // Of the small company nobody waits any more, and the other has all places it may have.
            if (inside.Count(one => one.Company == Big) == WaitingRoom.OfCompany && waiting.All(one => one.Company == Big))
                continue;
            var next = await Task.WhenAny(waiting.Select(one => one.Turn)).WaitAsync(Eventually.Patience);
            var company = waiting.First(one => one.Turn == next).Company;
            waiting.RemoveAll(one => one.Turn == next);
            served.Add(company);
            inside.Enqueue((company, (await next)!));
        }

        Assert.InRange(served.Take(20).Count(company => company == Small), 9, 10);
        Assert.Equal(110, served.Count);
    }

    [Fact]
    public async Task A_company_alone_takes_no_more_than_its_places_and_leaves_the_others_theirs()
    {
        var first = new List<WaitingRoom.Place>();
        for (var i = 0; i < WaitingRoom.OfCompany; i++)
            first.Add((await room.EnterAsync(Big, default))!);
        var next = room.EnterAsync(Big, default);
        Assert.False(next.IsCompleted);

        using (await room.EnterAsync(Small, default))
            Assert.False(next.IsCompleted);
        first[0].Dispose();

        Assert.NotNull(await next.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public async Task Whoever_stops_waiting_takes_no_place_and_holds_up_nobody()
    {
        var inside = new List<WaitingRoom.Place>();
        for (var i = 0; i < WaitingRoom.OfCompany; i++)
            inside.Add((await room.EnterAsync(Big, default))!);
        using var gone = new CancellationTokenSource();
        var leaves = room.EnterAsync(Big, gone.Token);
        var stays = room.EnterAsync(Big, default);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        inside[0].Dispose();

        Assert.NotNull(await stays.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public async Task Whoever_has_waited_half_a_minute_is_told_to_come_again_before_it_gives_up_itself()
    {
        var clock = new ManualClock();
        var small = new WaitingRoom(Options.Create(new LimitSettings { Pushes = 1 }), clock);
        var inside = await small.EnterAsync(Big, default);
        var waits = small.EnterAsync(Small, default);

        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Null(await waits.WaitAsync(Eventually.Patience));
        inside!.Dispose();
        Assert.NotNull(await small.EnterAsync(Small, default));
    }

    [Fact]
    public void Bodies_of_one_company_fill_half_of_the_room_those_of_two_a_third_each_and_there_is_always_some_for_the_next()
    {
        const int Megabyte = 1024 * 1024;
        var big = Fill(Big);
        Assert.InRange(big.Count, 47, 48);
        var small = Fill(Small);
        Assert.InRange(small.Count, 23, 24);
        var third = room.Check(Guid.NewGuid(), Megabyte);
        Assert.NotNull(third);

        foreach (var luggage in big)
            luggage.Dispose();
        Assert.True(small[0].Grow(8 * Megabyte));
        Assert.False(small[0].Grow(90 * Megabyte));

        List<WaitingRoom.Luggage> Fill(Guid company)
        {
            var all = new List<WaitingRoom.Luggage>();
            while (room.Check(company, Megabyte) is { } luggage)
                all.Add(luggage);
            return all;
        }
    }

    [Fact]
    public void F132_Whoever_is_refused_is_told_a_later_time_each_as_many_a_second_as_there_is_room_for()
    {
        var clock = new ManualClock();
        var returns = new ReturnTimes(perSecond: 200, clock);

        var told = Enumerable.Range(0, 4_000).Select(_ => returns.Next(Big)).ToList();

        Assert.Equal(TimeSpan.FromSeconds(20), told[^1]);
        Assert.All(told.GroupBy(wait => (int)Math.Ceiling(wait.TotalSeconds)), second => Assert.Equal(200, second.Count()));
        Assert.Equal(TimeSpan.FromMilliseconds(5), returns.Next(Small));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromMilliseconds(5), returns.Next(Big));
        for (var i = 0; i < 100_000; i++)
            Assert.InRange(returns.Next(Big).TotalSeconds, 0, 60.1);
    }
}
