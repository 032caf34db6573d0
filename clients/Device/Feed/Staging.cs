namespace OrderSync.Device;

/// <summary>
/// A download on its way: rows are staged apart from what is applied, and count with the checkpoint that follows them, so that a cut line or a killed process goes on from there.
/// At the end all of them are applied in one transaction together with the new cursor: whoever looks something up sees the state before or the state after.
/// </summary>
internal sealed class Staging(FeedFile feed)
{
    /// <summary>Where the next pull goes on: inside an unfinished download, or after the last complete one; null: from the beginning.</summary>
    public string? Cursor => feed.Read(sql => sql.Query("select coalesce(checkpoint, cursor) from standing", row => row.IsDBNull(0) ? null : row.GetString(0))[0]);

    /// <summary>Rows that are staged and count.</summary>
    public int Staged => feed.Read(sql => (int)sql.Count("select count(*) from staged"));

    /// <summary>
    /// A download begins or goes on. What an earlier one staged stays only if this one goes on where that ended. False: it cannot be used with what is here; the next one
    /// begins from nothing.
    /// </summary>
    public bool Begin(FeedLine.Begin begin)
    {
        var mode = begin.IsFull ? "full" : "changes";
        var usable = feed.Write(sql =>
        {
            var (staged, download, hasCursor) = sql.Query(
                "select mode, download, cursor is not null from standing", row => (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2)))[0];
            var goesOn = begin.Resumed && staged == mode && download == begin.Epoch;
            // The rest of something that is not here, or changes to something that never was complete.
            var lost = !goesOn && (begin.Resumed || (!begin.IsFull && (staged == "full" || !hasCursor)));
            if (!goesOn)
                Clear(sql);
            if (!lost)
                sql.Execute("update standing set mode = $1, download = $2, expected = coalesce($3, expected)", mode, begin.Epoch, begin.Rows);
            else
                sql.Execute("update standing set cursor = null, checkpoint = null");
            return !lost;
        });
        feed.Commit();
        return usable;
    }

    /// <summary>Stages a row, or that it is there no longer (null).</summary>
    public void Add(string collection, string key, ReadOnlyMemory<byte>? body) => feed.Write(sql => sql.Execute(
        "insert into staged (collection, key, body) values ($1, $2, $3) on conflict (collection, key) do update set body = excluded.body", collection, key, body?.ToArray()));

    /// <summary>All that was staged counts, and the download goes on from here whatever happens.</summary>
    public void Checkpoint(string cursor)
    {
        feed.Write(sql => sql.Execute("update standing set checkpoint = $1", cursor));
        feed.Commit();
    }

    /// <summary>Takes back what came after the last checkpoint.</summary>
    public void GiveUp() => feed.GiveUp();

    /// <summary>Forgets the unfinished download, and where the last complete one ended: the next one brings everything.</summary>
    public void StartOver()
    {
        feed.GiveUp();
        feed.Write(sql =>
        {
            Clear(sql);
            return sql.Execute("update standing set cursor = null");
        });
        feed.Commit();
    }

    /// <summary>The download is complete: what is staged takes effect, at once for whoever looks. Returns how many rows have changed; null: what would be here is not what the server has, and nothing was applied.</summary>
    public int? Apply(bool isFull, FeedLine.End end, DateTimeOffset? serverTime, DateTimeOffset here)
    {
        var changed = feed.Write(sql =>
        {
            var count = isFull ? Leave(sql, "select id, collection from row r where not exists (select 1 from staged s where s.collection = r.collection and s.key = r.key and s.body is not null)") : 0;
            count += isFull ? 0 : Leave(sql, "select r.id, r.collection from staged s join row r on r.collection = s.collection and r.key = s.key where s.body is null");
            count += Enter(sql);
            if (end.Collections is { } server && server.Any(one => Of(sql, one.Collection) is var own && (own.Count != one.Count || own.Text != one.Hash)))
                return (int?)null;
            Clear(sql);
            sql.Execute(
                "update standing set cursor = $1, acknowledged = case when $2 or cursor is null then 0 else acknowledged end, synced_at = coalesce($3, synced_at), synced_here = $4",
                end.Cursor, isFull || count > 0, serverTime?.ToUnixTimeMilliseconds(), here.ToUnixTimeMilliseconds());
            return count;
        });
        if (changed is null)
            feed.GiveUp();
        else
            feed.Commit();
        return changed;
    }

    /// <summary>Count and hash of a collection as it is applied.</summary>
    public static ContentHash Of(Statements sql, string collection)
    {
        var hash = new ContentHash();
        sql.Each("select key, body from row where collection = $1", row => hash.Add(row.GetString(0), (byte[])row.GetValue(1)), collection);
        return hash;
    }

    private static void Clear(Statements sql)
    {
        sql.Execute("delete from staged");
        sql.Execute("update standing set mode = null, download = null, checkpoint = null, expected = null");
    }

    private static int Leave(Statements sql, string which)
    {
        var gone = sql.Query(which, row => (Id: row.GetInt64(0), Collection: row.GetString(1)));
        foreach (var (id, collection) in gone)
        {
            Forget(sql, id, collection);
            sql.Execute("delete from row where id = $1", id);
        }

        return gone.Count;
    }

    // Rows that came as they are here already cost nothing.
    private static int Enter(Statements sql)
    {
        var count = 0;
        sql.Each("""
            select s.collection, s.key, s.body, r.id from staged s left join row r on r.collection = s.collection and r.key = s.key where s.body is not null and s.body is not r.body
            """, row =>
        {
            var (collection, key, body) = (row.GetString(0), row.GetString(1), (byte[])row.GetValue(2));
            var known = row.IsDBNull(3) ? (long?)null : row.GetInt64(3);
            if (known is { } before)
                Forget(sql, before, collection);
            var id = Put(sql, known, collection, key, body);
            Learn(sql, id, collection, key, body);
            count++;
        });
        return count;
    }

    private static long Put(Statements sql, long? known, string collection, string key, byte[] body)
    {
        if (known is not { } id)
            return sql.Query("insert into row (collection, key, body) values ($1, $2, $3) returning id", row => row.GetInt64(0), collection, key, body)[0];
        sql.Execute("update row set body = $2 where id = $1", id, body);
        return id;
    }

    private static void Forget(Statements sql, long id, string collection)
    {
        sql.Execute("delete from term where row = $1", id);
        if (collection is FeedCollections.Products or FeedCollections.Customers)
            sql.Execute("delete from words where rowid = $1", id);
    }

    private static void Learn(Statements sql, long id, string collection, string key, byte[] body)
    {
        var terms = Terms.Of(collection, body);
        foreach (var (name, value) in terms.Exact)
            sql.Execute("insert or ignore into term (name, value, row) values ($1, $2, $3)", name, value, id);
        if (terms.Products is not null || terms.Customers is not null)
            sql.Execute("insert into words (rowid, products, customers) values ($1, $2, $3)", id, terms.Products, terms.Customers);
        if (collection == FeedCollections.Verdicts)
            sql.Execute("insert or ignore into news (record) values ($1)", key);
    }
}
