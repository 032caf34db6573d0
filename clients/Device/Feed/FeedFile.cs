using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrderSync.Device;

/// <summary>
/// What was pulled, in a file of its own beside the captures: a download never stands in the way of a capture, and the file may be thrown away at any time, since all of it can
/// be downloaded again. One connection writes, another one reads what is applied while the next download is staged (WAL). The lock on the captures' file keeps other processes out.
/// </summary>
internal sealed class FeedFile : IMoments, IDisposable
{
    /// <summary>Code of the trouble that it could not be read; the next sync mends it.</summary>
    public const string Damaged = "feed.damaged";

    private const int Version = 1;
    private const int Corrupt = 11, Full = 13, NotADatabase = 26;

    // A power loss may take back the last transaction: rows and cursor together, so nothing is missed.
    private const string Schema = """
        create table standing (
            one integer primary key check (one = 1),
            company_id text, device_id text,    -- whose it is
            epoch text, offered text,           -- the server's epoch as last heard, and the one under which all acknowledged was offered again
            cursor text, acknowledged integer not null default 0,
            synced_at integer, synced_here integer,   -- the last complete download, by the server's clock and by ours
            mode text, download text, checkpoint text, expected integer     -- the unfinished one: its mode, its epoch, where it goes on, how many rows it was to have
        );
        insert into standing (one) values (1);
        create table row (id integer primary key, collection text not null, key text not null, body blob not null, unique (collection, key));
        create table staged (collection text not null, key text not null, body blob, unique (collection, key));
        -- By what rows are found.
        create table term (name text not null, value text not null, row integer not null, primary key (name, value, row)) without rowid;
        create index term_of_row on term (row);
        create virtual table words using fts5 (products, customers, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');
        -- Records whose verdict came with the feed and is still to be applied to them.
        create table news (record text primary key) without rowid;
        """;

    private readonly string _file;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private Statements? _write, _read;
    private SqliteConnection? _writer;
    private bool _damaged, _closed;

    private FeedFile(string file) => _file = file;

    /// <summary>Opens the file that belongs to a device's captures, or makes it.</summary>
    public static FeedFile Open(string deviceFile)
    {
        var feed = new FeedFile(Path.GetFullPath(deviceFile) + ".feed");
        try
        {
            feed.Try(feed.Connect);
        }
        catch (DeviceTrouble trouble)
        {
            if (trouble.Code != Damaged || !feed.Mend())
                throw;
        }

        return feed;
    }

    /// <inheritdoc />
    public T Read<T>(Func<Statements, T> look)
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return Try(() =>
            {
                _read!.Execute("begin");
                try
                {
                    return look(_read);
                }
                finally
                {
                    _read.Execute("rollback");
                }
            });
        }
    }

    /// <summary>Changes something. It counts with the next <see cref="Commit"/>; the process may die at any moment before without a trace.</summary>
    public T Write<T>(Func<Statements, T> change)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return Try(() =>
            {
                if (!IsOpen)
                    _write!.Execute("begin immediate");
                return change(_write!);
            });
        }
    }

    /// <summary>Makes what was written count.</summary>
    public void Commit() => End("commit");

    /// <summary>Takes back what was written since the last <see cref="Commit"/>.</summary>
    public void GiveUp() => End("rollback");

    /// <summary>A file that was found damaged is thrown away and begun anew; says whether it was.</summary>
    public bool Mend()
    {
        lock (_writing)
        lock (_reading)
        {
            if (!_damaged || _closed)
                return false;
            Try(Rebuild);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_writing)
        lock (_reading)
        {
            if (_closed)
                return;
            _closed = true;
            Disconnect();
        }
    }

    private bool IsOpen => _writer is { State: System.Data.ConnectionState.Open } && raw.sqlite3_get_autocommit(_writer.Handle) == 0;

    private void End(string how)
    {
        lock (_writing)
        {
            if (!_closed && IsOpen)
                Try(() => _write!.Execute(how));
        }
    }

    private bool Connect()
    {
        DeviceFile.MakePrivate(_file);
        _writer = Connection();
        _write = new Statements(_writer);
        _read = new Statements(Connection());
        _write.Execute("pragma journal_mode = wal");
        _write.Execute("pragma synchronous = normal");
        _write.Execute("pragma journal_size_limit = 4194304");
        var version = _write.Count("pragma user_version");
        if (version is not (0 or Version))
        {
            // Of another version of this library: what is in it is downloaded anew.
            return Rebuild();
        }

        if (version == 0)
        {
            _write.Execute("begin immediate");
            _write.Execute(Schema);
            _write.Execute($"pragma user_version = {Version}");
            _write.Execute("commit");
        }

        return true;
    }

    private SqliteConnection Connection()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false, DefaultTimeout = 5 }.ConnectionString);
        connection.Open();
        return connection;
    }

    private void Disconnect()
    {
        _read?.Dispose();
        _write?.Dispose();
        (_read, _write) = (null, null);
    }

    private bool Rebuild()
    {
        Disconnect();
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(_file + part);
        _damaged = false;
        return Connect();
    }

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode is Corrupt or NotADatabase)
        {
            _damaged = true;
            throw new DeviceTrouble(Damaged, "What was downloaded is damaged; the next sync downloads it again. What was captured lies apart and is untouched.", trouble);
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode == Full)
        {
            throw new DeviceTrouble("device.full", "The device's storage is full, so the download cannot go on. Free some space; what was saved before is safe.", trouble);
        }
        catch (SqliteException trouble)
        {
            throw new DeviceTrouble("device.storage", $"{_file} cannot be read or written ({trouble.Message}). What was captured lies apart and is untouched.", trouble);
        }
    }
}
