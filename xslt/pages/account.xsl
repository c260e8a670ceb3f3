<?xml version="1.0" encoding="UTF-8"?>
<!-- GET, POST /account: the own profile, password, view settings and sessions. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'account']" mode="heading">Account</xsl:template>

<xsl:template match="t:page[@kind = 'account']" mode="content">
	<xsl:for-each select="t:account">
		<div class="head"><h1>Account</h1></div>
		<div class="halves">
			<section class="card pad">
				<h2>Profile</h2>
				<dl class="facts">
					<dt>E-mail</dt><dd><xsl:value-of select="@email"/></dd>
					<dt>Role</dt><dd><xsl:call-template name="role-word"><xsl:with-param name="role" select="@role"/></xsl:call-template></dd>
					<dt>Company</dt><dd><bdi><xsl:value-of select="@tenant"/></bdi></dd>
				</dl>
				<xsl:for-each select="../t:form[@name = 'own']"><xsl:call-template name="form"/></xsl:for-each>
			</section>
			<div class="stack">
			<section class="card pad">
				<h2>Password</h2>
				<xsl:for-each select="../t:form[@name = 'password']"><xsl:call-template name="form"/></xsl:for-each>
			</section>
			<section class="card pad">
				<h2>One-time passwords</h2>
				<xsl:choose>
					<xsl:when test="@otp"><p>On: a login asks for a code of your app too.</p><p class="foot"><a class="button" href="{$base}account/otp">Recovery codes, switch off</a></p></xsl:when>
					<xsl:otherwise><p>Off: a login asks for your password alone.</p><p class="foot"><a class="button" href="{$base}account/otp">Set up one-time passwords</a></p></xsl:otherwise>
				</xsl:choose>
			</section>
			<xsl:for-each select="t:view">
				<section class="card pad">
					<h2>View</h2>
					<dl class="facts">
						<xsl:for-each select="../t:columns">
							<dt>Columns of <xsl:choose><xsl:when test="@list = 'contracts'">Contracts</xsl:when><xsl:otherwise>Customers</xsl:otherwise></xsl:choose></dt>
							<dd><xsl:for-each select="t:column[@shown]"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="@title"/></xsl:for-each></dd>
						</xsl:for-each>
						<dt>Density</dt><dd><xsl:choose><xsl:when test="@density = 'compact'">Compact</xsl:when><xsl:when test="@density = 'comfortable'">Comfortable</xsl:when><xsl:otherwise>Standard</xsl:otherwise></xsl:choose></dd>
						<dt>Rows a page</dt><dd><xsl:value-of select="@limit"/></dd>
					</dl>
				</section>
			</xsl:for-each>
			</div>
		</div>
		<xsl:if test="t:session">
			<section class="card">
				<div class="foot cap"><h2 class="grow">Sessions</h2><xsl:if test="count(t:session) &gt; 1"><a class="button ask" href="{$base}account/sessions/revoke">Log out everywhere else</a></xsl:if></div>
				<ul>
					<xsl:for-each select="t:session">
						<li class="row">
							<span class="grow"><xsl:call-template name="account-agent"/></span>
							<xsl:choose>
								<xsl:when test="@current"><span class="tag">This one</span></xsl:when>
								<xsl:otherwise><a class="button ask" href="{$base}account/sessions/{@id}/revoke">End session<span class="vh"><xsl:text> </xsl:text><xsl:value-of select="@address"/><xsl:text> </xsl:text><xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></a></xsl:otherwise>
							</xsl:choose>
						</li>
					</xsl:for-each>
				</ul>
			</section>
		</xsl:if>
	</xsl:for-each>
</xsl:template>

<!-- One session in words; the context is it. -->
<xsl:template name="account-agent">
	<xsl:choose><xsl:when test="@agent"><bdi><xsl:value-of select="@agent"/></bdi></xsl:when><xsl:otherwise>Unknown browser</xsl:otherwise></xsl:choose>
	<span class="hint block"><xsl:value-of select="@address"/> since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template>, last seen <xsl:call-template name="instant"><xsl:with-param name="at" select="@seen"/></xsl:call-template></span>
</xsl:template>

<!-- What stands above the pages that belong to the account. -->
<xsl:template name="account-head">
	<p class="crumb"><a href="{$base}account">Account</a></p>
	<div class="head"><h1><xsl:apply-templates select="/t:page" mode="heading"/></h1></div>
</xsl:template>
</xsl:stylesheet>
