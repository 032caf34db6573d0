OrderSync.Framework.ConnectorHost.Run<OrderSync.Email.EmailConnector>(args);
