<?xml version="1.0" encoding="UTF-8"?>
<!-- GET, POST /login. One text for every reason why a login fails. The second form asks for a one-time password.
     Who has logged out and is still signed on with the web server is offered that again. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'login']" mode="heading">Log in</xsl:template>

<xsl:template match="t:page[@kind = 'login']" mode="content">
	<xsl:for-each select="t:form">
		<section class="card narrow form">
			<h1>One-time password</h1>
			<xsl:call-template name="form"/>
			<p><a href="{$base}login?other=1">Log in as somebody else</a></p>
		</section>
	</xsl:for-each>
	<xsl:for-each select="t:login[@signed-on]">
		<section class="card narrow form">
			<h1>Log in</h1>
			<p><a class="button primary" href="{$base}login">Log in as <xsl:value-of select="@signed-on"/></a></p>
			<p>Log out where you have signed on, too, before somebody else uses this browser.</p>
		</section>
	</xsl:for-each>
	<xsl:for-each select="t:login[not(@signed-on)]">
		<form class="card narrow form" method="post" action="{$base}login">
			<h1>Log in</h1>
			<xsl:if test="@failed"><p class="notice error" role="alert" id="failed"><xsl:choose><xsl:when test="t:reason"><xsl:value-of select="t:reason"/></xsl:when><xsl:otherwise>E-mail or password is not right.</xsl:otherwise></xsl:choose></p></xsl:if>
			<input type="hidden" name="token" value="{t:token}"/>
			<xsl:if test="@next"><input type="hidden" name="next" value="{@next}"/></xsl:if>
			<label class="field">
				<span>E-mail</span>
				<input type="email" name="email" value="{@email}" required="required" maxlength="254" autocomplete="username" spellcheck="false">
					<xsl:if test="@failed"><xsl:attribute name="aria-describedby">failed</xsl:attribute></xsl:if>
					<xsl:if test="not(@email)"><xsl:attribute name="autofocus">autofocus</xsl:attribute></xsl:if>
				</input>
			</label>
			<label class="field">
				<span>Password</span>
				<input type="password" name="password" required="required" maxlength="1024" autocomplete="current-password">
					<xsl:if test="@failed"><xsl:attribute name="aria-describedby">failed</xsl:attribute></xsl:if>
					<xsl:if test="@email"><xsl:attribute name="autofocus">autofocus</xsl:attribute></xsl:if>
				</input>
			</label>
			<button class="primary">Log in</button>
			<p><a href="{$base}forgot">Forgot your password?</a></p>
		</form>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
