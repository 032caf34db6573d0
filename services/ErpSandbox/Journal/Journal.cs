using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox;

/// <summary>Keeps every acknowledged write on disk: one JSON line each, appended, flushed before the answer leaves.</summary>
/// <remarks>
/// Writers append while they hold the lock of what they change, so the order of lines is the order of changes. Each answer, also that
/// of a read, waits until everything appended before it is on disk: nobody is ever told of something a crash could take back.
/// </remarks>
internal sealed partial class Journal(
    IOptions<SandboxOptions> options, IEnumerable<IJournaled> parts, ILogger<Journal> logger) : IHostedService, IDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();
    private readonly Lock gate = new();
    private readonly AutoResetEvent work = new(false);
    private ArrayBufferWriter<byte> waiting = new(64 * 1024);
    private ArrayBufferWriter<byte> spare = new(64 * 1024);
    private TaskCompletionSource next = NewBatch();
    private Task writing = Task.CompletedTask;
    private Exception? failure;
    private bool stopping;
    private FileStream? held;
    private FileStream? file;
    private Thread? writer;

    /// <summary>Why nothing can be written any more, if so.</summary>
    public Exception? Failure
    {
        get { lock (gate) return failure; }
    }

    /// <summary>Appends one change, spelled by its part's own rules; <see cref="DurableAsync"/> says when it is on disk.</summary>
    public void Append(string kind, string scope, object value, JsonSerializerOptions spelling)
    {
        if (file is null)
            return;

        var line = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = spelling.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString(nameof(JournalLine.Kind), kind);
            json.WriteString(nameof(JournalLine.Scope), scope);
            json.WritePropertyName(nameof(JournalLine.Value));
            JsonSerializer.Serialize(json, value, spelling);
            json.WriteEndObject();
        }

        lock (gate)
        {
            waiting.Write(line.WrittenSpan);
            waiting.Write(NewLine);
        }

        work.Set();
    }

    /// <summary>Completes when all that was appended so far is on disk; fails if it cannot be written.</summary>
    public Task DurableAsync()
    {
        lock (gate)
        {
            if (failure is not null)
                return Task.FromException(failure);
            return waiting.WrittenCount > 0 ? next.Task : writing;
        }
    }

    /// <summary>Replays what was kept, then opens the file for appending. Runs before the sandbox listens.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.State))
            return Task.CompletedTask;

        Directory.CreateDirectory(options.Value.State);
        held = Hold(options.Value.State);
        var path = Path.Combine(options.Value.State, "erp-sandbox.jsonl");
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        var lines = JournalReplay.Run(file, parts);
        LogReplayed(lines, path);
        writer = new Thread(Write) { IsBackground = true, Name = "journal" };
        writer.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            stopping = true;
        work.Set();
        writer?.Join();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        work.Dispose();
        file?.Dispose();
        held?.Dispose();
    }

    private void Write()
    {
        while (true)
        {
            work.WaitOne();
            bool last;
            TaskCompletionSource batch;
            lock (gate)
            {
                last = stopping;
                (waiting, spare) = (spare, waiting);
                batch = next;
                next = NewBatch();
                writing = batch.Task;
            }

            try
            {
                if (spare.WrittenCount > 0)
                {
                    file!.Write(spare.WrittenSpan);
                    file.Flush(flushToDisk: true);
                    spare.ResetWrittenCount();
                }

                batch.SetResult();
            }
            catch (IOException trouble)
            {
                // Memory is now ahead of the disk: every later call fails and /health says why, until the sandbox is started again.
                LogFailed(trouble);
                lock (gate)
                    failure = trouble;
                batch.SetException(trouble);
                return;
            }

            if (last)
                return;
        }
    }

    // The system lets go of the lock when the process ends, however it ends; the file itself may stay.
    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "erp-sandbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Sandbox:State: another sandbox uses the folder {folder}.", taken);
        }
    }

    private static TaskCompletionSource NewBatch() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "Replayed {Lines} journal lines from {Path}")]
    private partial void LogReplayed(long lines, string path);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal cannot be written; every call fails from now on")]
    private partial void LogFailed(Exception exception);
}
