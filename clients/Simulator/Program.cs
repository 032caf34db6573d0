using System.CommandLine;
using OrderSync.Simulator.Replay;
using OrderSync.Simulator.Trace;

var command = new RootCommand("Simulated devices for OrderSync, and what became of what they sent.") { ReplayCommand.Create(), TraceCommand.Create() }.Parse(args);
var code = await command.InvokeAsync();
return command.Errors.Count > 0 ? ReplayCommand.CannotStart : code;
