using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrderSync.Device;

/// <summary>
/// The one SQLite file of a device. What a transaction has written is on disk when it returns (WAL, synchronous = FULL). One process has the file to itself: a second
/// one would send the same outbox and use up the same tokens.
/// </summary>
internal sealed class DeviceFile : IDisposable
{
    private const int Version = 3;
    private const int Busy = 5, Locked = 6, Corrupt = 11, Full = 13, NotADatabase = 26;

    private const string Schema = """
        create table device (
            one integer primary key check (one = 1),
            hardware_id text not null,
            private_key blob,
            public_key blob not null,
            seq integer not null default 0,
            company_id text, device_id text, rep text, branch text,
            access_token text, refresh_token text
        );
        -- A revision of a record, for ever as it was captured. One row has a verdict; it comes as often as the record is offered.
        create table record (
            seq integer primary key,
            id text not null,
            rev integer not null,
            kind text not null,
            captured_at text not null,
            bytes blob not null,
            state text not null,
            verdict text,
            told_at integer
        );
        create index record_by_id on record (id, rev);
        create index record_that_needs_a_person on record (seq) where state in ('refused', 'conflict');
        -- What is to be sent, in the order of capture.
        create table outbox (seq integer primary key references record (seq));
        """;

    // Version 2: a device knows where it enrolled, and its setup switches.
    private const string Second = """
        alter table device add column gateway text;
        create table setup_switch (name text primary key, is_on integer not null, told integer not null default 0);
        """;

    // Version 3: a device knows what to encrypt a bundle to, and what it has written into one.
    private const string Third = """
        alter table device add column bundle_key_id text;
        alter table device add column bundle_key blob;
        alter table record add column exported_at integer;
        """;

    private readonly Lock _turn = new();
    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly Statements _statements;
    private bool _closed;

    private DeviceFile(string file, SqliteConnection connection) => (_file, _connection, _statements) = (file, connection, new Statements(connection));

    /// <summary>Opens the file, or makes it.</summary>
    public static DeviceFile Open(string file, long? mostPages)
    {
        file = Path.GetFullPath(file);
        SqliteConnection? connection = null;
        try
        {
            MakePrivate(file);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1, ForeignKeys = true }.ConnectionString);
            connection.Open();
            var opened = new DeviceFile(file, connection);
            opened.Prepare(mostPages);
            return opened;
        }
        catch (Exception trouble) when (trouble is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw Explain(trouble, file);
        }
        catch (DeviceTrouble)
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Looks something up.</summary>
    public T Read<T>(Func<T> look) => Try(look);

    /// <summary>Changes something: all of it, on disk, or nothing.</summary>
    public T Write<T>(Func<T> change) => Try(() =>
    {
        Execute("begin immediate");
        try
        {
            var result = change();
            Execute("commit");
            return result;
        }
        catch
        {
            // Some troubles, such as a full disk, have taken everything back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                Execute("rollback");
            throw;
        }
    });

    /// <summary>Runs a statement inside <see cref="Write"/>; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => _statements.Execute(sql, parameters);

    /// <summary>Runs a question inside <see cref="Read"/> or <see cref="Write"/>.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters) => _statements.Query(sql, read, parameters);

    /// <summary>Runs a question with a count for an answer.</summary>
    public long Count(string sql, params ReadOnlySpan<object?> parameters) => _statements.Count(sql, parameters);

    public void Dispose()
    {
        lock (_turn)
        {
            if (_closed)
                return;
            _closed = true;
            _statements.Dispose();
        }
    }

    // Secrets may lie in it: nobody else may read it. SQLite gives its log the same rights.
    internal static void MakePrivate(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (File.Exists(file))
            return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    private void Prepare(long? mostPages)
    {
        Execute("pragma locking_mode = exclusive");
        if (Query("pragma journal_mode = wal", row => row.GetString(0))[0] != "wal")
            throw new DeviceTrouble("device.storage", $"{_file} lies where a write-ahead log cannot be kept. Keep it in the app's own storage.");
        Execute("pragma synchronous = full");
        // With this first question the file is this process's alone.
        if (Query("pragma quick_check(1)", row => row.GetString(0))[0] is var found && found != "ok")
            throw Damaged(_file, null);
        var version = Count("pragma user_version");
        if (version > Version)
            throw new DeviceTrouble("device.newer", $"{_file} was written by a newer version of this app. Update the app; nothing in the file was changed.");
        if (version < Version)
            Write(() => (version == 0 ? Execute(Schema) : 0) + (version < 2 ? Execute(Second) : 0) + Execute(Third) + Execute($"pragma user_version = {Version}"));
        if (mostPages is { } most)
            Execute($"pragma max_page_count = {most}");
    }

    private T Try<T>(Func<T> work)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            try
            {
                return work();
            }
            catch (SqliteException trouble)
            {
                throw Explain(trouble, _file);
            }
        }
    }

    private static DeviceTrouble Explain(Exception trouble, string file) => trouble is not SqliteException { SqliteErrorCode: var code }
        ? new DeviceTrouble("device.storage", $"{file} cannot be opened: {trouble.Message}", trouble)
        : code switch
        {
            Busy or Locked => new DeviceTrouble("device.inUse", $"Another process has {file} open. A device's file belongs to one process at a time: close the other one.", trouble),
            Full => new DeviceTrouble("device.full", "The device's storage is full, so this was not saved. Free some space and save it again; what was saved before is safe.", trouble),
            Corrupt or NotADatabase => Damaged(file, trouble),
            _ => new DeviceTrouble("device.storage", $"{file} cannot be read or written ({trouble.Message}). This was not saved; what was saved before is untouched.", trouble),
        };

    private static DeviceTrouble Damaged(string file, Exception? trouble) => new(
        "device.damaged", $"{file} is damaged. Nothing in it was changed: keep it together with the files beside it, enrol the device with a new file, and give the old one to the office.", trouble);
}
