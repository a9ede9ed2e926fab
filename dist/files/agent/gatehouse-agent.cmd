@echo off
rem The agent: gatehouse-agent enroll^|run^|status ...; needs a Java of version 21 or newer in JAVA_HOME or on the PATH.
setlocal
set "ROOT=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError %GATEHOUSE_JVM% -cp "%ROOT%\lib\*" dev.gatehouse.agent.command.AgentMain %*
exit /b %ERRORLEVEL%
