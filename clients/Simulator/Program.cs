using System.CommandLine;
using OrderSync.Simulator.Replay;

var command = new RootCommand("Simulated devices for OrderSync.") { ReplayCommand.Create() }.Parse(args);
var code = await command.InvokeAsync();
return command.Errors.Count > 0 ? ReplayCommand.CannotStart : code;
