using System.CommandLine;
using OrderSync.Simulator;
using OrderSync.Simulator.Demo;
using OrderSync.Simulator.Faults;
using OrderSync.Simulator.Replay;
using OrderSync.Simulator.Trace;

var command = new RootCommand("Simulated devices for OrderSync, and what became of what they sent.") { DemoCommand.Create(), ReplayCommand.Create(), TraceCommand.Create(), FaultsCommand.Create() }.Parse(args);
var code = await command.InvokeAsync();
return command.Errors.Count > 0 ? Ending.CannotStart : code;
