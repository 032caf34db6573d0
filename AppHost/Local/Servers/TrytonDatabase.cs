using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>
/// A database of Tryton with its books set up. To make one takes a minute or two, nearly all of it Tryton's own; so it is kept in the user's cache folder, by the
/// versions it was made with, and takes seconds the next time.
/// </summary>
public static class TrytonDatabase
{
    // While it is made, on this machine; Tryton wants one whose characters differ. Set anew before anybody else may sign in.
    private const string FirstPassword = "Qw7zXk4mVp9r";

    /// <summary>Debian packages it needs.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        ["tryton-server", "tryton-modules-sale", "tryton-modules-account-invoice", "tryton-modules-account-statement", "python3-psycopg2"];

    /// <summary>Name of the user that connections sign in with; its password is that of the server's options.</summary>
    public static string User => TrytonBooks.User;

    /// <summary>Makes the database of this name, from the cache where it has one. Does nothing where it is there.</summary>
    /// <param name="options">The server, which need not run.</param>
    /// <param name="database">Name of the database.</param>
    /// <param name="currency">Currency of the company in it.</param>
    /// <param name="progress">Is told what takes long.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task EnsureAsync(TrytonOptions options, string database, string currency, Action<string> progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        await PsqlAsync(options, "postgres", $"""
            do $$ begin
                if not exists (select from pg_roles where rolname = '{TrytonServer.Role}') then create role {TrytonServer.Role} login; end if;
            end $$;
            alter role {TrytonServer.Role} password '{options.Password}';
            """, stop);
        if (await IsThereAsync(options, database, stop))
            return;
        // Under another name first: a half-made one is never taken for a whole one.
        var unfinished = $"{database}_new";
        await PsqlAsync(options, "postgres", $"drop database if exists {unfinished} with (force)", stop);
        await PsqlAsync(options, "postgres", $"create database {unfinished} owner {TrytonServer.Role}", stop);
        var kept = await CacheFileAsync(stop);
        if (File.Exists(kept))
        {
            await PostgresAsync(options, "pg_restore", ["--no-owner", "--no-privileges", $"--role={TrytonServer.Role}", "--exit-on-error", "--dbname", unfinished, kept], stop);
        }
        else
        {
            await MakeAsync(options, unfinished, progress, stop);
            await PsqlAsync(options, "postgres", $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{unfinished}'", stop);
            var partial = $"{kept}.{Environment.ProcessId}.new";
            await PostgresAsync(options, "pg_dump", ["--format=custom", "--no-owner", "--file", partial, unfinished], stop);
            File.Move(partial, kept, overwrite: true);
        }

        // What is kept knows neither password nor currency: both are set anew each time.
        await SetPasswordsAsync(options, unfinished, stop);
        await SetCurrencyAsync(options, unfinished, currency, stop);
        await PsqlAsync(options, "postgres", $"alter database {unfinished} rename to {database}", stop);
    }

    /// <summary>A copy of a database that nobody uses.</summary>
    public static Task CopyAsync(TrytonOptions options, string from, string to, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PsqlAsync(options, "postgres", $"create database {to} template {from} owner {TrytonServer.Role}", stop);
    }

    private static async Task MakeAsync(TrytonOptions options, string database, Action<string> progress, CancellationToken stop)
    {
        progress("Tryton makes its tables, which it does once on a machine: a minute or two");
        var configuration = await TrytonServer.ConfigureAsync(options, stop);
        var password = Path.Combine(options.Folder, "first-password");
        await Tool.WritePrivateAsync(password, FirstPassword, stop);
        try
        {
            await Tool.RunAsync(options.Folder,
            [
                .. TrytonServer.Python("trytond-admin"), "-c", configuration, "-d", database, "-u", "ir", "res", "sale", "account_statement", "--activate-dependencies",
                "--email", "admin@example.com",
            ], stop, new Dictionary<string, string> { ["TRYTONPASSFILE"] = password, [ServerProcess.StateVariable] = options.StateTag, [ServerProcess.FolderVariable] = options.Folder });
        }
        finally
        {
            File.Delete(password);
        }

        progress("setting up the books in Tryton");
        await using var server = await TrytonServer.StartAsync(options, stop);
        using var tryton = new TrytonRpc(server.Address, database);
        await new TrytonBooks(tryton).MakeAsync(FirstPassword, stop);
    }

    private static Task<string> SetPasswordsAsync(TrytonOptions options, string database, CancellationToken stop) =>
        PsqlAsync(options, database, $"update res_user set password_hash = '{Hash(options.Password)}' where login in ('admin', '{User}')", stop);

    // While there is not one amount in the books, its name is all there is to a currency of two decimals.
    private static Task<string> SetCurrencyAsync(TrytonOptions options, string database, string currency, CancellationToken stop) =>
        PsqlAsync(options, database, $"update currency_currency set code = '{currency}', name = '{currency}', symbol = '{currency}' where code = '{TrytonBooks.Currency}'", stop);

    // As Tryton keeps it: passlib's form of PBKDF2.
    private static string Hash(string password)
    {
        const int rounds = 25_000, saltLength = 16, hashLength = 64;
        var salt = RandomNumberGenerator.GetBytes(saltLength);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA512, hashLength);
        return $"$pbkdf2-sha512${rounds}${Passlib(salt)}${Passlib(hash)}";
    }

    private static string Passlib(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static async Task<bool> IsThereAsync(TrytonOptions options, string database, CancellationToken stop) =>
        (await PostgresAsync(options, "psql", ["--no-psqlrc", "--tuples-only", "--no-align", "--dbname", "postgres", "--command", $"select 1 from pg_database where datname = '{database}'"], stop)).Trim() == "1";

    private static Task<string> PsqlAsync(TrytonOptions options, string database, string sql, CancellationToken stop) =>
        PostgresAsync(options, "psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql], stop);

    private static Task<string> PostgresAsync(TrytonOptions options, string program, IEnumerable<string> arguments, CancellationToken stop) => Tool.RunAsync(options.Folder,
        [Tool.Require(program, "postgresql-client"), "--host", "127.0.0.1", "--port", $"{options.PostgresPort}", "--username", "postgres", .. arguments],
        stop, new Dictionary<string, string> { ["PGPASSWORD"] = options.PostgresPassword });

    // Another version of Tryton, of PostgreSQL, of the set-up, or another year, is another database.
    private static async Task<string> CacheFileAsync(CancellationToken stop)
    {
        var versions = await Tool.RunAsync("/", ["dpkg-query", "--show", .. Packages, "tryton-modules-*", "postgresql-client*"], stop);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{versions}{TrytonBooks.Version}{DateTime.UtcNow.Year}"))))[..16];
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(Directory.CreateDirectory(Path.Combine(cache, "ordersync")).FullName, $"tryton-{key}.dump");
    }
}
