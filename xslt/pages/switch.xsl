<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /switch: home, recent tenants, and a search over the tenants below. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'switch']" mode="heading">Switch tenant</xsl:template>

<xsl:template match="t:page[@kind = 'switch']" mode="content">
	<xsl:for-each select="t:switch">
		<div class="column">
			<div class="head"><h1>Switch tenant</h1></div>
			<form class="search" method="get" action="{$base}switch" role="search">
				<label class="field"><span>Search</span><input type="text" name="q" value="{@q}" maxlength="100" autocomplete="off" spellcheck="false" enterkeyhint="search"/></label>
				<button class="primary">Search</button>
			</form>
			<xsl:call-template name="switch-form"/>
			<xsl:if test="@q">
				<section class="card">
					<h2 class="cap">Results</h2>
					<ul><xsl:for-each select="t:tenant[@group = 'result']"><xsl:call-template name="choice"/></xsl:for-each></ul>
					<xsl:if test="not(t:tenant[@group = 'result'])"><p class="row soft">No tenant below <xsl:value-of select="$session/t:home/@name"/> matches.</p></xsl:if>
					<xsl:if test="@more"><p class="row soft">There are more. Type more of the name.</p></xsl:if>
				</section>
			</xsl:if>
			<xsl:if test="t:tenant[@group = 'home']">
				<section class="card">
					<h2 class="cap">Home</h2>
					<ul><xsl:for-each select="t:tenant[@group = 'home']"><xsl:call-template name="choice"/></xsl:for-each></ul>
				</section>
			</xsl:if>
			<xsl:if test="t:tenant[@group = 'recent']">
				<section class="card">
					<h2 class="cap">Recent</h2>
					<ul><xsl:for-each select="t:tenant[@group = 'recent']"><xsl:call-template name="choice"/></xsl:for-each></ul>
				</section>
			</xsl:if>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="choice">
	<li class="row">
		<span class="grow"><bdi class="strong"><xsl:value-of select="@name"/></bdi><xsl:text> </xsl:text><span class="tier"><xsl:call-template name="tier-word"/></span><xsl:if test="@parent-name or @domain"><span class="hint block"><xsl:value-of select="@domain"/><xsl:if test="@parent-name"> of <bdi><xsl:value-of select="@parent-name"/></bdi></xsl:if></span></xsl:if></span>
		<xsl:choose>
			<xsl:when test="@id = $session/t:acting/@id"><span class="tag">You are here</span></xsl:when>
			<xsl:otherwise><button form="switch" name="tenant" value="{@id}"><span>Switch<span class="vh"> to <xsl:value-of select="@name"/></span></span></button></xsl:otherwise>
		</xsl:choose>
	</li>
</xsl:template>
</xsl:stylesheet>
