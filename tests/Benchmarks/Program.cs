using System.CommandLine;
using OrderSync.Benchmarks.Calls;
using OrderSync.Benchmarks.Deliver;
using OrderSync.Benchmarks.Pull;
using OrderSync.Benchmarks.Push;

const int Misused = 2;
var command = new RootCommand("How fast OrderSync is, as ratios against ceilings measured in the same run.") { PushCommand.Create(), PullCommand.Create(), DeliverCommand.Create(), CallsCommand.Create() }.Parse(args);
// Ctrl-C: time enough to end the servers that were started.
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
return command.Errors.Count > 0 ? Misused : code;
