namespace OrderSync.Device;

/// <summary>One pull of a sync, with what surrounds it: whose the feed's file is, a damaged one, and verdicts that came with it.</summary>
internal sealed class PullTurn(Download download, FeedFile feed, Standing standing, News news, Credentials credentials, DeviceOptions options)
{
    /// <summary>How many days what was acknowledged is kept.</summary>
    public int KeepDays { get; private set; } = options.KeepAcknowledgedDays;

    /// <summary>Makes the feed's file this device's. A damaged one is thrown away: nothing in it is lost.</summary>
    public void Prepare()
    {
        try
        {
            feed.Mend();
            Belong();
        }
        catch (DeviceTrouble damaged) when (damaged.Code == FeedFile.Damaged && feed.Mend())
        {
            Belong();
        }
    }

    /// <summary>Pulls; says also which records have other verdicts than before.</summary>
    public async Task<(Answer<Pulled> Answer, List<DeviceRecord> Changed)> RunAsync(bool drained, CancellationToken stop)
    {
        try
        {
            Prepare();
            var changed = news.Tell(null);
            var answer = await download.RunAsync(drained, stop).ConfigureAwait(false);
            if (answer is Answer<Pulled>.Refused { Status: 404 })
                // A gateway that is older than this library has nothing to pull.
                return (new Answer<Pulled>.Given(new Pulled.Complete(0, null), null), changed);
            if (answer is Answer<Pulled>.Given { Value: Pulled.Complete complete })
            {
                changed.AddRange(news.Tell(complete.At));
                KeepDays = standing.KeepAcknowledgedDays;
            }

            return (answer, changed);
        }
        catch (DeviceTrouble trouble)
        {
            return (new Answer<Pulled>.None(trouble.Message, Reached: true), []);
        }
    }

    /// <summary>Whether the server has nothing newer for this device than the cursor; null: no answer.</summary>
    public Task<bool?> IsCurrentAsync(string cursor, CancellationToken stop) => download.IsCurrentAsync(cursor, stop);

    private void Belong()
    {
        if (credentials.Identity is not { } self)
            return;
        standing.BelongTo(self.CompanyId, self.DeviceId);
        KeepDays = standing.KeepAcknowledgedDays;
    }
}
